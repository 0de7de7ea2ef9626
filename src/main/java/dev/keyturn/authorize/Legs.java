package dev.keyturn.authorize;

import static dev.keyturn.oauth.ErrorCode.ACCESS_DENIED;

import dev.keyturn.oauth.Scopes;
import dev.keyturn.upstream.Claims;
import dev.keyturn.upstream.GrantedScopes;
import dev.keyturn.user.LinkedAccount;
import dev.keyturn.user.User;
import dev.keyturn.user.Users;
import dev.keyturn.vault.Vault;
import dev.keyturn.vault.VaultKey;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The further upstreams of a login: which of them are asked of this person, and at which of those
 * an account is linked whose tokens still serve. Only the others are asked.
 */
final class Legs {
  private final Ways ways;
  private final Users users;
  private final Vault vault;

  Legs(Ways ways, Users users, Vault vault) {
    this.ways = ways;
    this.users = users;
    this.vault = vault;
  }

  /**
   * What is there, and what is left to ask. Refuses whom a rule keeps from an upstream that every
   * one of {@code resources} needs: such a login would open nothing, again and again.
   */
  Future<Linking> of(Arrived arrived, List<String> resources, Claims claims) {
    var legs = ways.legs(arrived.identity(), resources);
    var asked = legs.stream().filter(leg -> leg.role().asks(claims)).toList();
    if (legs.stream()
        .filter(leg -> !asked.contains(leg))
        .anyMatch(leg -> ways.isNeededByAll(leg.name(), resources))) {
      return Future.failedFuture(
          ACCESS_DENIED.because("this account may not use what the resource needs"));
    }
    return asked.isEmpty()
        ? Future.succeededFuture(new Linking(arrived, List.of()))
        : users
            .find(arrived.subject())
            .compose(
                user ->
                    Future.all(asked.stream().map(leg -> linked(arrived, user, leg)).toList())
                        .map(found -> sorted(arrived, asked, found.list())));
  }

  private static Linking sorted(Arrived arrived, List<Way> asked, List<Optional<Held>> found) {
    var with = arrived;
    var left = new ArrayList<String>();
    for (int i : IntStream.range(0, asked.size()).toArray()) {
      var leg = asked.get(i);
      if (found.get(i).isPresent()) {
        var held = found.get(i).get();
        with =
            with.with(
                leg.name(), held.account(), GrantedScopes.toName(leg.scopes(), held.granted()));
      } else {
        left.add(leg.name());
      }
    }
    return new Linking(with, left);
  }

  /** An account with what its tokens open. */
  private record Held(String account, Scopes granted) {}

  /** The account that was linked last and still serves. */
  private Future<Optional<Held>> linked(Arrived arrived, User user, Way leg) {
    var latestFirst =
        new ArrayList<>(
            user.accounts().stream()
                .filter(account -> account.upstream().equals(leg.name()))
                .filter(account -> isOf(account, leg))
                .map(LinkedAccount::account)
                .toList());
    Collections.reverse(latestFirst);
    return first(arrived.subject(), leg.name(), latestFirst);
  }

  /** What a page names is what was asked for there, neither more nor less. */
  private static boolean isOf(LinkedAccount account, Way leg) {
    return account.asked().covers(leg.scopes()) && leg.scopes().covers(account.asked());
  }

  private Future<Optional<Held>> first(String subject, String upstream, List<String> accounts) {
    if (accounts.isEmpty()) {
      return Future.succeededFuture(Optional.empty());
    }
    var account = accounts.get(0);
    return vault
        .granted(new VaultKey(subject, upstream, account))
        .compose(
            granted ->
                granted.isPresent()
                    ? Future.succeededFuture(Optional.of(new Held(account, granted.get())))
                    : first(subject, upstream, accounts.subList(1, accounts.size())));
  }
}
