package dev.keyturn.bus;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.MessageCodec;

/** Hands a message over by reference inside this process, and refuses every wire. */
final class LocalCodec implements MessageCodec<Object, Object> {
  private static final String NAME = "dev.keyturn.local";
  private static final LocalCodec CODEC = new LocalCodec();

  private LocalCodec() {}

  /** Makes the codec known to {@code vertx}; another Keyturn may have done so already. */
  static void register(Vertx vertx) {
    try {
      vertx.eventBus().registerCodec(CODEC);
    } catch (IllegalStateException alreadyRegistered) {
      // One codec serves every Keyturn of this Vert.x.
    }
  }

  static DeliveryOptions options() {
    return new DeliveryOptions().setLocalOnly(true).setCodecName(NAME);
  }

  @Override
  public void encodeToWire(Buffer buffer, Object message) {
    throw new UnsupportedOperationException("messages of Keyturn never leave the process");
  }

  @Override
  public Object decodeFromWire(int position, Buffer buffer) {
    throw new UnsupportedOperationException("messages of Keyturn never leave the process");
  }

  @Override
  public Object transform(Object message) {
    return message;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public byte systemCodecID() {
    return -1;
  }
}
