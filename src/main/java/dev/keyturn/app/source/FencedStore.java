package dev.keyturn.app.source;

import io.vertx.config.ConfigRetriever;
import io.vertx.config.ConfigRetrieverOptions;
import io.vertx.config.ConfigStoreOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/**
 * Vert.x' store for ConfigMaps, in a Vert.x of its own that can reach nothing but a {@link Relay}.
 *
 * <p>It is never optional, since the store would then take an error for an empty configuration; and
 * it is asked for raw text, since it would make a number of text that looks like one. It does not
 * look by itself: it would log each failure, with a stack trace, for as long as it lasts.
 */
final class FencedStore {
  private static final String TEXT = "text";

  private final Vertx inside;
  private final ConfigRetriever retriever;

  /**
   * Opens a store for what the relay at port {@code relay} serves; meanwhile nothing blocks.
   *
   * @param pass what the relay knows it by
   */
  static Future<FencedStore> open(int relay, ConfigMapKey key, String pass) {
    var opened = Promise.<FencedStore>promise();
    // On a thread of nobody's: on one of Vert.x it would be warned that another Vert.x is made.
    var opening = new Thread(() -> open(opened, relay, key, pass), "configmap-store");
    opening.setDaemon(true);
    opening.start();
    return opened.future();
  }

  private static void open(Promise<FencedStore> opened, int relay, ConfigMapKey key, String pass) {
    try {
      opened.complete(new FencedStore(relay, key, pass));
    } catch (RuntimeException | LinkageError e) {
      opened.fail(e);
    }
  }

  private FencedStore(int relay, ConfigMapKey key, String pass) {
    this.inside =
        Vertx.builder()
            .with(
                new VertxOptions()
                    .setUseDaemonThread(true)
                    .setEventLoopPoolSize(1)
                    .setWorkerPoolSize(1)
                    .setInternalBlockingPoolSize(1)
                    .setFileSystemOptions(
                        new FileSystemOptions()
                            .setClassPathResolvingEnabled(false)
                            .setFileCachingEnabled(false)))
            .withTransport(new RelayOnly(relay))
            .build();
    this.retriever =
        ConfigRetriever.create(
            inside,
            new ConfigRetrieverOptions()
                .setIncludeDefaultStores(false)
                .setScanPeriod(-1)
                .addStore(store(relay, key, pass)));
  }

  /** The text; empty if there is none, which is never an empty text. */
  Future<Optional<String>> read() {
    return retriever
        .getConfig()
        .map(found -> Optional.ofNullable(found.getString(TEXT)).filter(text -> !text.isBlank()));
  }

  /** Ends the threads; nothing may be done in their contexts after that. */
  Future<Void> close() {
    retriever.close();
    return inside.close();
  }

  private static ConfigStoreOptions store(int relay, ConfigMapKey key, String pass) {
    return new ConfigStoreOptions()
        .setType("configmap")
        .setOptional(false)
        .setFormat("raw")
        .setConfig(
            new JsonObject()
                .put("namespace", key.namespace())
                .put("name", key.name())
                .put("key", key.key())
                .put("optional", false)
                .put("host", "127.0.0.1")
                .put("port", relay)
                .put("ssl", false)
                .put("token", pass)
                .put("raw.key", TEXT)
                .put("raw.type", "string"));
  }
}
