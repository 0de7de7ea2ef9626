package dev.keyturn.operator.admission;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** A review as the API server sends it. */
record GivenReview(JsonObject json) {
  private static final String USER =
      """
      {"username": "alice", "uid": "u-1", "groups": ["dev", "system:authenticated"],
       "extra": {"example.com/team": ["a"]}}
      """;

  /** Somebody makes a config of type {@code bearerToken}. */
  static GivenReview ofConfig() {
    return of("mcpexternalauthconfigs", config("out"));
  }

  /** Somebody makes a server. */
  static GivenReview ofServer() {
    return of(
        "mcpservers",
        new JsonObject(
            """
            {"apiVersion": "keyturn.dev/v1beta1", "kind": "MCPServer",
             "metadata": {"name": "issues", "namespace": "ns"},
             "spec": {"url": "https://issues.example.com", "transport": "sse",
                      "resourceUrl": "https://mcp.example.com/issues"}}
            """));
  }

  private static GivenReview of(String resource, JsonObject object) {
    return new GivenReview(
        new JsonObject()
            .put("apiVersion", "admission.k8s.io/v1")
            .put("kind", "AdmissionReview")
            .put(
                "request",
                new JsonObject()
                    .put("uid", "705ab4f5-6393-11e8-b7cc-42010a800002")
                    .put(
                        "resource",
                        new JsonObject()
                            .put("group", "keyturn.dev")
                            .put("version", "v1beta1")
                            .put("resource", resource))
                    .put("operation", "CREATE")
                    .put("namespace", "ns")
                    .put("dryRun", false)
                    .put("userInfo", new JsonObject(USER))
                    .put("object", object)
                    .putNull("oldObject")));
  }

  static JsonObject config(String name) {
    return new JsonObject(
        """
        {"apiVersion": "keyturn.dev/v1beta1", "kind": "MCPExternalAuthConfig",
         "metadata": {"name": "%s", "namespace": "ns",
                      "managedFields": [{"manager": "kubectl", "fieldsV1": {"f:spec": {}}}]},
         "spec": {"type": "bearerToken",
                  "bearerToken": {"tokenSecretRef": {"name": "out", "key": "token"}}}}
        """
            .formatted(name));
  }

  /** The same with another part of the request. */
  GivenReview with(String part, Object value) {
    var copy = json.copy();
    copy.getJsonObject("request").put(part, value);
    return new GivenReview(copy);
  }

  /** The same as a change of what was there before. */
  GivenReview updating(JsonObject before) {
    return with("operation", "UPDATE").with("oldObject", before);
  }

  GivenReview to(String group, String version, String resource) {
    return with(
        "resource",
        new JsonObject().put("group", group).put("version", version).put("resource", resource));
  }

  JsonObject object() {
    return json.getJsonObject("request").getJsonObject("object").copy();
  }

  byte[] bytes() {
    return json.toBuffer().getBytes();
  }

  AdmissionRequest request() {
    return AdmissionRequest.of(Review.read(bytes()).request());
  }

  String uid() {
    return json.getJsonObject("request").getString("uid");
  }

  static JsonArray texts(String... texts) {
    var array = new JsonArray();
    for (var text : texts) {
      array.add(text);
    }
    return array;
  }
}
