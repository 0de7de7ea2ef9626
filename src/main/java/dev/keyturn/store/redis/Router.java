package dev.keyturn.store.redis;

import io.vertx.core.Future;

/** Knows which server has a key. For one event loop only. */
interface Router {
  /** Who has it, as far as is known; fails with {@link TroubleException}. */
  Future<Address> owner(String key);

  /** What others that use the same server share when it is in trouble. */
  String place(String key);

  /** Was told that someone is no longer what he was: asks again, when it is next needed. */
  void doubt(Address address);

  /** One server, whatever happens. */
  record Single(Address address) implements Router {
    @Override
    public Future<Address> owner(String key) {
      return Future.succeededFuture(address);
    }

    @Override
    public String place(String key) {
      return address.toString();
    }

    @Override
    public void doubt(Address doubted) {
      // There is nobody else.
    }
  }
}
