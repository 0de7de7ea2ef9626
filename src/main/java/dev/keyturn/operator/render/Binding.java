package dev.keyturn.operator.render;

import dev.keyturn.operator.api.ExternalAuthConfig;
import dev.keyturn.operator.api.McpServer;
import dev.keyturn.operator.api.McpServerSpec.AuthServerRef;
import dev.keyturn.operator.api.McpServerSpec.ExternalAuthConfigRef;
import dev.keyturn.operator.render.Remark.Weight;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Which configs a server uses: one for who may come in, and one for what goes out.
 *
 * <p>{@code externalAuthConfigRef} counts as {@code authServerRef} where it names an authorization
 * server and there is no other. Where anything is in doubt, the server is bound to nothing.
 *
 * @param incoming empty where none can be told
 * @param outgoing empty where the config for who comes in decides
 */
public record Binding(
    Optional<ExternalAuthConfig> incoming,
    Optional<ExternalAuthConfig> outgoing,
    List<Remark> remarks) {
  private static final String INCOMING = "spec.authServerRef";
  private static final String OUTGOING = "spec.externalAuthConfigRef";
  private static final String WANTED = "name an MCPExternalAuthConfig of type embeddedAuthServer";

  public Binding {
    remarks = List.copyOf(remarks);
  }

  /**
   * Finds them.
   *
   * @param configs the configs of the server's namespace by name
   */
  public static Binding of(
      McpServer server, Function<String, Optional<ExternalAuthConfig>> configs) {
    var in = server.spec().authServerRef().map(AuthServerRef::name);
    var out = server.spec().externalAuthConfigRef().map(ExternalAuthConfigRef::name);
    if (in.isEmpty() && out.isEmpty()) {
      return refused(Place.of(server, INCOMING), "is missing", WANTED);
    }
    var incoming = configs.apply(in.or(() -> out).orElseThrow());
    var place = Place.of(server, in.isPresent() ? INCOMING : OUTGOING);
    if (incoming.isEmpty()) {
      return missing(place, in.or(() -> out).orElseThrow());
    }
    if (!incoming.get().spec().type().isIncoming()) {
      return refused(
          Place.of(server, INCOMING),
          (in.isPresent() ? "" : "is missing: " + OUTGOING + " ")
              + "names "
              + incoming.get().metadata().name()
              + ", which says what goes out and lets nobody in",
          WANTED);
    }
    return in.isPresent() && out.isPresent()
        ? both(server, incoming.get(), out.get(), configs.apply(out.get()))
        : new Binding(incoming, Optional.empty(), List.of());
  }

  private static Binding both(
      McpServer server,
      ExternalAuthConfig incoming,
      String name,
      Optional<ExternalAuthConfig> outgoing) {
    var place = Place.of(server, OUTGOING);
    if (outgoing.isEmpty()) {
      return missing(place, name);
    }
    return outgoing.get().spec().type().isIncoming()
        ? refused(
            place,
            "names " + name + ", an authorization server, beside " + INCOMING,
            "leave it out, or name what goes out")
        : new Binding(Optional.of(incoming), outgoing, List.of());
  }

  private static Binding refused(Place place, String message, String remedy) {
    return nothing(place.remark(Weight.REFUSED, message, remedy));
  }

  private static Binding missing(Place place, String name) {
    return nothing(
        place.remark(
            Weight.PENDING,
            "names " + name + ", which is not there",
            "the server waits until it is"));
  }

  private static Binding nothing(Remark remark) {
    return new Binding(Optional.empty(), Optional.empty(), List.of(remark));
  }
}
