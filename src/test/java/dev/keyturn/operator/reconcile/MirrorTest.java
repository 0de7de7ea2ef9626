package dev.keyturn.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** What is read of an object that is watched. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class MirrorTest {
  @Test
  void who_wrote_which_field_is_not_read() {
    var metadata = new ObjectMeta();
    metadata.setName("one");
    metadata.setManagedFields(List.of(new ManagedFieldsEntry()));
    var object = new GenericKubernetesResource();
    object.setMetadata(metadata);
    assertThat(Mirror.tree(object).path("metadata").properties())
        .extracting(field -> field.getKey())
        .containsExactly("name");
  }
}
