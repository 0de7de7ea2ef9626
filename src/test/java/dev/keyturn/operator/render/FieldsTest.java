package dev.keyturn.operator.render;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.config.Catalogue;
import dev.keyturn.config.Catalogue.Field;
import dev.keyturn.operator.api.EmbeddedAuthServer;
import dev.keyturn.operator.render.Shape.Kind;
import dev.keyturn.operator.render.Shape.Row;
import dev.keyturn.server.RunConfigReader;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class FieldsTest {
  private static final Set<Kind> NESTED = Set.of(Kind.PART, Kind.PARTS, Kind.ALLOW);

  @Test
  void every_field_of_the_resource_is_in_the_table_and_no_other() {
    assertThat(fields("", Fields.EMBEDDED)).isEqualTo(fields("", EmbeddedAuthServer.class));
  }

  @Test
  void every_setting_of_the_table_is_one_that_serve_reads() throws IOException {
    assertThat(known()).containsAll(settings("", Fields.EMBEDDED));
  }

  @ParameterizedTest
  @CsvSource({
    "issuer, issuer",
    "hmac_secret_files[1], hmacSecretRefs[1]",
    "signing_key_config.signing_key_file, signingKeySecretRefs[0]",
    "signing_key_config.fallback_key_files[1], signingKeySecretRefs[2]",
    "signing_key_config.fallback_key_files, signingKeySecretRefs",
    "signing_key_config.revoked_keys[0], revokedKeys[0]",
    "vault.key_files, vaultKeySecretRefs",
    "upstreams, upstreamProviders",
    "upstreams[2].oidc_config.client_secret_file, upstreamProviders[2].oidcConfig.clientSecretRef",
    "upstreams[0].oauth2_config.client_key_file,"
        + " upstreamProviders[0].oauth2Config.clientKeySecretRef",
    "upstreams[0].oidc_config.userinfo_override.field_mapping.subject_fields,"
        + " upstreamProviders[0].oidcConfig.userInfoOverride.fieldMapping.subjectFields",
    "upstreams[1].ask_if, upstreamProviders[1].askIf",
    "upstreams[0].oidc_config.ca_bundle_file, upstreamProviders[0].oidcConfig.caBundleRef",
    "upstreams[0].oauth2_config.egress_proxy.password_file,"
        + " upstreamProviders[0].oauth2Config.egressProxy.passwordSecretRef",
    "upstreams[0].allow.groups[3], upstreamProviders[0].allow.groups[3]",
    "upstreams[0].oauth2_config.additional_authorization_params.state,"
        + " upstreamProviders[0].oauth2Config.additionalAuthorizationParams.state",
    "upstreams[0].oidc_config.unheard_of, upstreamProviders[0].oidcConfig",
    "storage.redis_config.acl_user_config.password_file,"
        + " storage.redis.aclUserConfig.passwordSecretRef",
    "trusted_issuers[0].jwt_bearer_grant.subject_bindings[1].subject,"
        + " trustedIssuers[0].jwtBearerGrant.subjectBindings[1].subject"
  })
  void a_setting_leads_back_to_its_field(String setting, String field) {
    assertThat(Fields.EMBEDDED.field(setting)).contains(field);
  }

  @Test
  void a_setting_of_no_field_leads_nowhere() {
    assertThat(Fields.EMBEDDED.field("server.port")).isEmpty();
  }

  private static Set<String> fields(String path, Shape shape) {
    return shape.rows().stream()
        .flatMap(
            row ->
                row.inner()
                    .map(inner -> fields(path + row.field() + ".", inner).stream())
                    .orElse(Stream.of(path + row.field())))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Down to what is a value, or what a row takes as a whole. */
  private static Set<String> fields(String path, Class<?> type) {
    var fields = new TreeSet<String>();
    for (var component : type.getRecordComponents()) {
      var own = path + component.getName();
      if (isWhole(own) || !value(component).isRecord()) {
        fields.add(own);
      } else {
        fields.addAll(fields(own + ".", value(component)));
      }
    }
    return fields;
  }

  private static boolean isWhole(String path) {
    return Stream.of("Ref", "Refs", ".file", ".sentinelService").anyMatch(path::endsWith);
  }

  private static Class<?> value(RecordComponent component) {
    return raw(component.getGenericType());
  }

  private static Class<?> raw(Type type) {
    return type instanceof ParameterizedType generic
        ? raw(generic.getActualTypeArguments()[generic.getActualTypeArguments().length - 1])
        : (Class<?>) type;
  }

  private static Set<String> settings(String path, Shape shape) {
    return shape.rows().stream()
        .filter(row -> !row.setting().isEmpty())
        .flatMap(row -> settings(path, row))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Stream<String> settings(String path, Row row) {
    var own = path + row.setting();
    var below = own + (row.kind() == Kind.PARTS ? "[]." : ".");
    return NESTED.contains(row.kind())
        ? row.inner().stream().flatMap(inner -> settings(below, inner).stream())
        : Stream.of(own);
  }

  /** What the reader asks for while it reads documents that have everything. */
  private static Set<String> known() throws IOException {
    var catalogue = new Catalogue();
    var resources = "src/test/resources/dev/keyturn/server/";
    for (var file :
        List.of(
            "conf/full.yaml",
            "conf/redis.yaml",
            resources + "every-oauth2.yaml",
            resources + "planned.yaml")) {
      var reader = new RunConfigReader(Map.of(), new SecureRandom());
      reader.read(Files.readString(Path.of(file)), Path.of(""));
      catalogue.plus(reader.catalogue().orElseThrow());
    }
    return catalogue.fields().stream().map(Field::path).collect(Collectors.toSet());
  }
}
