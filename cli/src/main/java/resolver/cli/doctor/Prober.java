package resolver.cli.doctor;

import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Message;
import resolver.upstream.Server;

/** Asks a server one question, and waits. */
public interface Prober {
  /**
   * What came of it.
   *
   * @param response null where none came, and then there is a problem
   * @param octets its size
   * @param how it came, such as UDP, or TCP after truncation
   * @param millis how long it took
   * @param problem why there is no response, in words
   */
  record Probed(@Nullable Message response, int octets, String how, long millis, String problem) {}

  /** Over UDP, and over TCP where the response is truncated. */
  Probed udp(Server server, Message query);

  /** Over TCP. */
  Probed tcp(Server server, Message query);

  /** As the daemon asks an encrypted server: with proof of who it is. */
  Probed encrypted(Server server, Message query);
}
