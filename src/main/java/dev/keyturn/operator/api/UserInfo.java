package dev.keyturn.operator.api;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A provider's resource that tells whom an access token is about. */
public record UserInfo(
    String endpointUrl,
    Optional<Method> httpMethod,
    Map<String, String> additionalHeaders,
    Optional<FieldMapping> fieldMapping) {
  public UserInfo {
    additionalHeaders = Map.copyOf(additionalHeaders);
  }

  /** How it is asked. */
  public enum Method {
    GET,
    POST
  }

  /** Fields of its answer; of each list the first that is there counts. */
  public record FieldMapping(
      List<String> subjectFields, List<String> nameFields, List<String> emailFields) {
    public FieldMapping {
      subjectFields = List.copyOf(subjectFields);
      nameFields = List.copyOf(nameFields);
      emailFields = List.copyOf(emailFields);
    }
  }
}
