package dev.keyturn.operator.render;

import java.util.List;

/** What a config and its servers are rendered to, and what could not be rendered. */
public record Rendered(List<Deployed> deployments, List<Remark> remarks) {
  public Rendered {
    deployments = List.copyOf(deployments);
    remarks = List.copyOf(remarks);
  }
}
