package dev.keyturn.operator.render;

import dev.keyturn.operator.api.McpServerSpec.ResourceNeeds;

/** What the pods of all deployments have in common, by the operator's own settings. */
public record Pod(String image, ResourceNeeds resources) {}
