package dev.keyturn.given;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HexFormat;
import java.util.stream.Stream;

/** A certificate for this machine that was made just now, its DER written by hand, and its key. */
public record GivenCertificate(X509Certificate certificate, PrivateKey key) {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
  private static final SecureRandom RANDOM = new SecureRandom();

  /** One that signed itself and is good since yesterday, for a year. */
  public static GivenCertificate good() {
    return from(Instant.now().minus(Duration.ofDays(1)), Duration.ofDays(366));
  }

  /** One that signed itself. */
  public static GivenCertificate from(Instant start, Duration life) {
    return of(pair("EC"), start, life);
  }

  /** One that signed itself, for a key of {@code algorithm}. */
  public static GivenCertificate of(String algorithm) {
    return of(pair(algorithm), Instant.now().minusSeconds(60), Duration.ofDays(366));
  }

  private static GivenCertificate of(KeyPair keys, Instant start, Duration life) {
    return new GivenCertificate(
        certificate(keys, "self", keys.getPrivate(), start, life), keys.getPrivate());
  }

  /** One that this one vouches for, of this machine and of hosts that have these names too. */
  public GivenCertificate issues(String... names) {
    var keys = pair("EC");
    var life = Duration.ofDays(366);
    var from = Instant.now().minusSeconds(60);
    return new GivenCertificate(
        certificate(keys, "leaf", key, from, life, names), keys.getPrivate());
  }

  public String certificatePem() {
    try {
      return pem("CERTIFICATE", certificate.getEncoded());
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  public String keyPem() {
    return pem("PRIVATE KEY", key.getEncoded());
  }

  private static String pem(String label, byte[] content) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(
            label, Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content), label);
  }

  private static KeyPair pair(String algorithm) {
    try {
      var generator = KeyPairGenerator.getInstance(algorithm);
      if (algorithm.equals("EC")) {
        generator.initialize(new ECGenParameterSpec("secp256r1"), RANDOM);
      }
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static X509Certificate certificate(
      KeyPair keys,
      String subject,
      PrivateKey signer,
      Instant start,
      Duration life,
      String... names) {
    var algorithm = Algorithm.of(signer);
    var toBeSigned =
        tlv(
            0x30,
            tlv(0xA0, tlv(0x02, new byte[] {2})),
            tlv(0x02, new BigInteger(64, RANDOM).add(BigInteger.ONE).toByteArray()),
            algorithm.der(),
            name("self"),
            tlv(0x30, time(start), time(start.plus(life))),
            name(subject),
            keys.getPublic().getEncoded(),
            tlv(0xA3, tlv(0x30, alternativeNames(names), mayIssue(subject.equals("self")))));
    try {
      var signature = Signature.getInstance(algorithm.name());
      signature.initSign(signer);
      signature.update(toBeSigned);
      var bits = tlv(0x03, new byte[] {0}, signature.sign());
      var whole = tlv(0x30, toBeSigned, algorithm.der(), bits);
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(whole));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] name(String name) {
    var text = tlv(0x0C, name.getBytes(StandardCharsets.UTF_8));
    return tlv(0x30, tlv(0x31, tlv(0x30, hex("0603550403"), text)));
  }

  private static byte[] time(Instant at) {
    return tlv(0x18, TIME.format(at).getBytes(StandardCharsets.US_ASCII));
  }

  /** {@code localhost}, {@code 127.0.0.1}, and others. */
  private static byte[] alternativeNames(String... others) {
    var names = new ByteArrayOutputStream();
    names.writeBytes(dnsName("localhost"));
    names.writeBytes(tlv(0x87, new byte[] {127, 0, 0, 1}));
    Stream.of(others).map(GivenCertificate::dnsName).forEach(names::writeBytes);
    return tlv(0x30, hex("0603551D11"), tlv(0x04, tlv(0x30, names.toByteArray())));
  }

  /** Since JDK 21 or so nobody's word counts who does not say that it may vouch for others. */
  private static byte[] mayIssue(boolean itMay) {
    var value = tlv(0x30, itMay ? tlv(0x01, new byte[] {-1}) : new byte[0]);
    return tlv(0x30, hex("0603551D13"), tlv(0x01, new byte[] {-1}), tlv(0x04, value));
  }

  private static byte[] dnsName(String name) {
    return tlv(0x82, name.getBytes(StandardCharsets.US_ASCII));
  }

  private static byte[] tlv(int tag, byte[]... parts) {
    var content = new ByteArrayOutputStream();
    for (var part : parts) {
      content.writeBytes(part);
    }
    var whole = new ByteArrayOutputStream();
    whole.write(tag);
    var length = content.size();
    if (length >= 0x100) {
      whole.write(0x82);
      whole.write(length >> 8);
    } else if (length >= 0x80) {
      whole.write(0x81);
    }
    whole.write(length);
    whole.writeBytes(content.toByteArray());
    return whole.toByteArray();
  }

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text);
  }

  private record Algorithm(String name, String hex) {
    byte[] der() {
      return tlv(0x30, GivenCertificate.hex(hex));
    }

    static Algorithm of(PrivateKey signer) {
      return switch (signer.getAlgorithm()) {
        case "EC" -> new Algorithm("SHA256withECDSA", "06082A8648CE3D040302");
        case "RSA" -> new Algorithm("SHA256withRSA", "06092A864886F70D01010B0500");
        default -> new Algorithm("Ed25519", "06032B6570");
      };
    }
  }
}
