package dev.keyturn.server;

import static ch.qos.logback.classic.Level.WARN;
import static dev.keyturn.given.Futures.done;
import static dev.keyturn.given.Futures.failed;
import static dev.keyturn.given.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.keyturn.given.FreePorts;
import dev.keyturn.given.GivenCertificate;
import dev.keyturn.given.Patience;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

@DisplayNameGeneration(ReplaceUnderscores.class)
class HttpVerticleTest {
  private static final int SWAPS = 100;

  private final Vertx vertx = Vertx.vertx();
  private final GivenCertificate first = GivenCertificate.good();
  private final int port = FreePorts.next();

  @AfterEach
  void stop() {
    done(vertx.close());
  }

  private static Listen.Tls tls(GivenCertificate given) {
    return new Listen.Tls(List.of(given.certificate()), given.key());
  }

  private HttpVerticle verticle(Optional<Listen.Tls> tls) {
    return new HttpVerticle(
        new Listen("127.0.0.1", port, "127.0.0.1", 0, tls),
        (loop, backends) -> {
          var router = Router.router(loop);
          router.route().handler(context -> context.response().end("here"));
          return router;
        },
        new BusNames("").configChanged());
  }

  /** The status line's beginning that answers this head of a request. */
  private String asked(String head) throws IOException {
    done(vertx.deployVerticle(verticle(Optional.empty())));
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout((int) Patience.LONG.toMillis());
      socket.getOutputStream().write((head + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
    }
  }

  private HttpVerticle deployed() {
    var verticle = verticle(Optional.of(tls(first)));
    done(vertx.deployVerticle(verticle));
    return verticle;
  }

  /** A client that remembers no session, and takes any certificate whose key the server has. */
  private SSLSocket connect() {
    try {
      var context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new Anybody()}, new SecureRandom());
      var socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port);
      socket.setSoTimeout((int) Patience.LONG.toMillis());
      socket.startHandshake();
      return socket;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private Certificate served() {
    try (var socket = connect()) {
      return socket.getSession().getPeerCertificates()[0];
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String ask(Socket socket) throws IOException {
    socket
        .getOutputStream()
        .write("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    var answer = new StringBuilder();
    while (answer.indexOf("here") < 0) {
      var read = socket.getInputStream().read();
      if (read < 0) {
        throw new IOException("the connection broke off after: " + answer);
      }
      answer.append((char) read);
    }
    return answer.substring(0, "HTTP/1.1 200".length());
  }

  @Test
  void a_request_for_one_host_is_answered() throws IOException {
    assertThat(asked("GET / HTTP/1.1\r\nHost: a")).isEqualTo("HTTP/1.1 200");
  }

  /** RFC 9112, section 3.2; a line in the log for each would be a stranger's to write. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1",
        "GET / HTTP/1.1\r\nHost: a b",
        "GET / HTTP/1.1\r\nHost: a\r\nHost: b"
      })
  void a_request_for_two_hosts_or_none_is_refused_and_not_logged(String head) throws IOException {
    var lines = new ListAppender<ILoggingEvent>();
    var root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    lines.start();
    root.addAppender(lines);
    try {
      assertThat(asked(head)).isEqualTo("HTTP/1.1 400");
      assertThat(lines.list).filteredOn(line -> line.getLevel().isGreaterOrEqual(WARN)).isEmpty();
    } finally {
      root.detachAppender(lines);
    }
  }

  @Test
  void the_certificate_that_was_read_is_served() {
    deployed();
    assertThat(served()).isEqualTo(first.certificate());
  }

  @Test
  void a_hundred_swaps_fail_no_handshake_and_each_newest_one_is_served() throws Exception {
    var verticles = List.of(deployed(), deployed());
    try (var visitors = new Visitors()) {
      for (int i = 0; i < SWAPS; i++) {
        var next = GivenCertificate.good();
        done(verticles.get(i % 2).useCertificate(tls(next)));
        assertThat(served()).isEqualTo(next.certificate());
      }
      await().until(() -> visitors.served.get() > SWAPS);
      assertThat(visitors.end()).isEmpty();
    }
  }

  @Test
  void a_connection_that_is_open_lives_on() throws Exception {
    var verticle = deployed();
    try (var open = connect()) {
      done(verticle.useCertificate(tls(GivenCertificate.good())));
      assertThat(ask(open)).isEqualTo("HTTP/1.1 200");
      assertThat(open.getSession().getPeerCertificates()[0]).isEqualTo(first.certificate());
    }
  }

  @Test
  void the_verticles_of_one_port_serve_what_one_of_them_was_given() {
    var all = List.of(deployed(), deployed(), deployed());
    var next = GivenCertificate.good();
    done(all.get(2).useCertificate(tls(next)));
    for (int i = 0; i < 10; i++) {
      assertThat(served()).isEqualTo(next.certificate());
    }
  }

  @Test
  void a_later_verticle_swaps_although_the_first_one_is_gone() {
    var id = done(vertx.deployVerticle(verticle(Optional.of(tls(first)))));
    var later = deployed();
    done(vertx.undeploy(id));
    var next = GivenCertificate.good();
    done(later.useCertificate(tls(next)));
    for (int i = 0; i < 10; i++) {
      assertThat(served()).isEqualTo(next.certificate());
    }
  }

  @Test
  void a_certificate_may_come_back() {
    var verticle = deployed();
    done(verticle.useCertificate(tls(GivenCertificate.good())));
    done(verticle.useCertificate(tls(first)));
    assertThat(served()).isEqualTo(first.certificate());
  }

  @Test
  void a_chain_is_served_whole() throws Exception {
    var leaf = first.issues();
    var verticle = deployed();
    done(
        verticle.useCertificate(
            new Listen.Tls(List.of(leaf.certificate(), first.certificate()), leaf.key())));
    try (var socket = connect()) {
      assertThat(socket.getSession().getPeerCertificates())
          .containsExactly(leaf.certificate(), first.certificate());
    }
  }

  @Test
  void a_server_without_tls_takes_no_certificate() {
    var plain = verticle(Optional.empty());
    done(vertx.deployVerticle(plain));
    assertThat(failed(plain.useCertificate(tls(first))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("TLS is not served here");
  }

  /** Two clients that connect anew again and again, and ask on each connection. */
  private final class Visitors implements AutoCloseable {
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicInteger served = new AtomicInteger();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final List<Thread> threads = new ArrayList<>();

    private Visitors() throws InterruptedException {
      var started = new CountDownLatch(2);
      for (int i = 0; i < 2; i++) {
        var thread = new Thread(() -> visit(started), "visitor " + i);
        threads.add(thread);
        thread.start();
      }
      started.await();
    }

    private void visit(CountDownLatch started) {
      while (!over.get()) {
        try (var socket = connect()) {
          ask(socket);
          served.incrementAndGet();
        } catch (IOException | RuntimeException e) {
          failures.add(e);
        }
        started.countDown();
      }
    }

    private Queue<Throwable> end() {
      over.set(true);
      try {
        for (var thread : threads) {
          thread.join();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError(e);
      }
      return failures;
    }

    @Override
    public void close() {
      end();
    }
  }

  private static final class Anybody implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
