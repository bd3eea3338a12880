package resolver.stampede;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import resolver.observe.Ledger;

/** The server that the crowd asks, and that forwards to the counting upstream. */
public interface Target extends AutoCloseable {
  /** Where it takes queries, over UDP and TCP. */
  InetSocketAddress address();

  /** What it counted, or null where it is somebody else's. */
  @Nullable Ledger ledger();

  /** Stops it, if it was started for the stampede. */
  @Override
  void close();

  /** A server that somebody else runs. */
  static Target at(InetSocketAddress address) {
    return new Target() {
      @Override
      public InetSocketAddress address() {
        return address;
      }

      @Override
      public @Nullable Ledger ledger() {
        return null;
      }

      @Override
      public void close() {}
    };
  }
}
