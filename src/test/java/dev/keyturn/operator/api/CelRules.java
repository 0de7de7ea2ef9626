package dev.keyturn.operator.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cel.common.CelException;
import dev.cel.common.CelOptions;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntime.Program;
import dev.cel.runtime.CelRuntimeFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The rules of a schema, evaluated as an API server does it: at each place of the object that is
 * there, over {@code self}, and {@code oldSelf} for an update.
 */
final class CelRules {
  private static final CelOptions OPTIONS =
      CelOptions.current().enableHeterogeneousNumericComparisons(true).build();

  private final CelCompiler compiler =
      CelCompilerFactory.standardCelCompilerBuilder()
          .setOptions(OPTIONS)
          .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
          .addLibraries(CelExtensions.strings())
          .addVar("self", SimpleType.DYN)
          .addVar("oldSelf", SimpleType.DYN)
          .build();
  private final CelRuntime runtime =
      CelRuntimeFactory.standardCelRuntimeBuilder()
          .setOptions(OPTIONS)
          .addLibraries(CelExtensions.strings())
          .build();
  private final Map<String, Program> programs = new HashMap<>();
  private final ObjectMapper mapper =
      new ObjectMapper()
          .enable(com.fasterxml.jackson.databind.DeserializationFeature.USE_LONG_FOR_INTS);

  List<Complaint> judge(JsonNode value, Optional<JsonNode> old, JsonNode schema) {
    var complaints = new ArrayList<Complaint>();
    walk(value, old, schema, "", complaints);
    return complaints;
  }

  private void walk(
      JsonNode value, Optional<JsonNode> old, JsonNode schema, String path, List<Complaint> found) {
    for (var rule : schema.path("x-kubernetes-validations")) {
      refusal(rule, value, old)
          .ifPresent(
              message -> found.add(Complaint.of(path + rule.path("fieldPath").asText(), message)));
    }
    for (var field : schema.path("properties").properties()) {
      var below = value.get(field.getKey());
      if (below != null) {
        var name = path.isEmpty() ? field.getKey() : path + "." + field.getKey();
        walk(below, old.map(o -> o.get(field.getKey())), field.getValue(), name, found);
      }
    }
    for (int i = 0; schema.has("items") && i < value.size(); i++) {
      walk(value.get(i), Optional.empty(), schema.get("items"), path + "[" + i + "]", found);
    }
    if (schema.path("additionalProperties").isObject()) {
      for (var entry : value.properties()) {
        walk(
            entry.getValue(),
            Optional.empty(),
            schema.get("additionalProperties"),
            path + "[" + entry.getKey() + "]",
            found);
      }
    }
  }

  private Optional<String> refusal(JsonNode rule, JsonNode value, Optional<JsonNode> old) {
    var text = rule.path("rule").asText();
    if (text.contains("oldSelf") && old.isEmpty()) {
      return Optional.empty();
    }
    if (evaluate(text, value, old).equals(true)) {
      return Optional.empty();
    }
    return Optional.of(
        rule.has("messageExpression")
            ? evaluate(rule.get("messageExpression").asText(), value, old).toString()
            : rule.path("message").asText());
  }

  private Object evaluate(String text, JsonNode value, Optional<JsonNode> old) {
    var variables = new HashMap<String, Object>();
    variables.put("self", mapper.convertValue(value, Object.class));
    old.ifPresent(was -> variables.put("oldSelf", mapper.convertValue(was, Object.class)));
    try {
      return program(text).eval(variables);
    } catch (CelException e) {
      throw new AssertionError(text + "\n" + e.getMessage(), e);
    }
  }

  private Program program(String text) throws CelException {
    var known = programs.get(text);
    if (known != null) {
      return known;
    }
    var made = runtime.createProgram(compiler.compile(text).getAst());
    programs.put(text, made);
    return made;
  }
}
