package resolver.net;

import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;

/**
 * Buffers for datagrams that are received in batches. What is ready is read until a batch is not
 * full: another read would find nothing, and whoever has sent a single query waits for that read,
 * for responses leave when all is read. What comes meanwhile makes the socket ready again.
 */
final class DatagramBatches extends DefaultMaxMessagesRecvByteBufAllocator {
  private final int octets;

  /**
   * For one socket.
   *
   * @param octets the size of a batch
   * @param most with how many datagrams the loop turns to its other work
   */
  DatagramBatches(int octets, int most) {
    super(most);
    this.octets = octets;
  }

  @Override
  public MaxMessageHandle newHandle() {
    return new MaxMessageHandle() {
      private final UncheckedBooleanSupplier wasFull =
          () -> lastBytesRead() == attemptedBytesRead();

      @Override
      public int guess() {
        return octets;
      }

      @Override
      public boolean continueReading(UncheckedBooleanSupplier ignored) {
        return super.continueReading(wasFull);
      }
    };
  }
}
