package resolver.upstream;

import io.netty.buffer.ByteBuf;
import resolver.fixtures.Answers;

/** A connection whose handshake never ends, so that all queries over it stand in line. */
final class CrowdedConnection {
  private CrowdedConnection() {}

  /**
   * Begins as many exchanges with a server as one connection takes. To be called on the event loop.
   *
   * @param now in the ticker's nanoseconds
   */
  static void fill(UpstreamLoop upstream, Server server, long now) {
    Exchange.Listener nobody =
        new Exchange.Listener() {
          @Override
          public void answered(Exchange exchange, ByteBuf reply) {}

          @Override
          public void failed(Exchange exchange, String why) {}
        };
    byte[] query = new QueryRenderer(1232).render(Answers.question("www.example.org", "A"), true);
    for (int i = 0; i < StreamConnection.MOST_UNDER_WAY; i++) {
      upstream.begin(new Exchange(server, server.protocol().transport(), query, true, now, nobody));
    }
  }
}
