package dev.keyturn.upstream;

import dev.keyturn.config.Settings;

/** Registering ourselves at a provider: known, checked, and refused until it is built. */
final class PlannedRegistration {
  private static final String FIELD = "dcr_config";

  private PlannedRegistration() {}

  /** Refuses it; tells whether it was there. */
  static boolean refuse(Settings config) {
    if (!config.has(FIELD)) {
      return false;
    }
    var before = config.findings().errors().size();
    var registration = config.child(FIELD);
    var discovery = registration.url("discovery_url");
    var endpoint = registration.url("registration_endpoint");
    if (discovery.isPresent() == endpoint.isPresent()) {
      registration.refuse("discovery_url", "is given xor registration_endpoint: name one of them");
    }
    registration.secret("initial_access_token");
    registration.text("software_id");
    registration.text("software_statement");
    if (config.findings().errors().size() == before) {
      config.refuse(FIELD, "is not supported yet");
    }
    return true;
  }
}
