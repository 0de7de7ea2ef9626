package dev.keyturn.operator.objects;

import dev.keyturn.operator.render.Pod;
import java.util.List;

/**
 * What the operator was told about everything that it makes.
 *
 * @param pod the image of a Keyturn and what it needs; a setting of its own, so that another
 *     operator replaces no pod
 * @param operatorNamespace where the operator's pods are, who read management ports
 * @param monitoring the namespaces whose pods may read management ports, too
 */
public record Settings(Pod pod, String operatorNamespace, List<String> monitoring) {
  public Settings {
    monitoring = List.copyOf(monitoring);
  }
}
