package resolver.observe;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import resolver.observe.QueryLogSettings.Clients;
import resolver.settings.Network;

/** How the log calls a client. Belongs to the thread that writes. */
final class ClientWords {
  private static final String HASH = "HmacSHA256";

  /** Octets of a hash that are told: two clients of a million have the same by a rare chance. */
  private static final int TOLD = 8;

  private static final int IPV4_PREFIX = 24;

  /** What a household is given (RFC 6177). */
  private static final int IPV6_PREFIX = 56;

  private final Clients how;
  private final Mac mac;

  /**
   * Words for clients.
   *
   * @param key what they are hashed with
   */
  ClientWords(Clients how, byte[] key) {
    this.how = how;
    this.mac = mac(key);
  }

  /** A key that nobody knows. */
  static byte[] randomKey() {
    byte[] key = new byte[32];
    new SecureRandom().nextBytes(key);
    return key;
  }

  private static Mac mac(byte[] key) {
    try {
      Mac mac = Mac.getInstance(HASH);
      mac.init(new SecretKeySpec(key, HASH));
      return mac;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + HASH, e);
    }
  }

  /** The word for a client; empty where none is to be told. */
  String of(InetAddress client) {
    return switch (how) {
      case PLAIN -> NetUtil.toAddressString(client);
      case PREFIX -> prefix(client);
      case NONE -> "";
      case HASHED -> {
        byte[] hash = mac.doFinal(client.getAddress());
        yield HexFormat.of().formatHex(Arrays.copyOf(hash, TOLD));
      }
    };
  }

  private static String prefix(InetAddress client) {
    int bits = client.getAddress().length == 4 ? IPV4_PREFIX : IPV6_PREFIX;
    return Network.of(client, bits).toString();
  }
}
