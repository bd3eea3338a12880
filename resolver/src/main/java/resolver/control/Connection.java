package resolver.control;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import resolver.clock.Ticker;

/**
 * The octets of one connection, none of which is waited for without end. Belongs to one thread; an
 * interrupt ends whatever it waits for.
 */
final class Connection extends Writer {
  private static final int BUFFER = 8192;

  private final SocketChannel channel;
  private final Selector selector;
  private final SelectionKey key;
  private final Ticker ticker;
  private final Duration patience;
  private final ByteBuffer out = ByteBuffer.allocate(BUFFER);

  /**
   * A connection.
   *
   * @param patience how long it waits for a request in all, and for each part of a reply to be
   *     taken
   */
  Connection(SocketChannel channel, Ticker ticker, Duration patience) throws IOException {
    this.channel = channel;
    this.ticker = ticker;
    this.patience = patience;
    channel.configureBlocking(false);
    selector = Selector.open();
    key = channel.register(selector, 0);
  }

  /**
   * Reads a line, without its end.
   *
   * @param most octets that it may have
   * @return empty where the client leaves before it has said anything
   * @throws ControlException where it is longer, or does not come in time
   */
  String readLine(int most) throws IOException {
    long end = ticker.nanos() + patience.toNanos();
    ByteBuffer in = ByteBuffer.allocate(most + 1);
    while (true) {
      int at = in.position();
      int read = channel.read(in);
      for (; at < in.position(); at++) {
        if (in.get(at) == '\n') {
          return new String(in.array(), 0, at, UTF_8);
        }
      }
      if (!in.hasRemaining()) {
        throw new ControlException(
            "the request has more than " + most + " octets (expected: one line of a few words)");
      }
      if (read < 0) {
        return new String(in.array(), 0, in.position(), UTF_8);
      }
      if (read == 0 && !await(SelectionKey.OP_READ, end)) {
        throw new ControlException(
            "no request within "
                + patience.toMillis()
                + " ms (expected: one line, a JSON array of words)");
      }
    }
  }

  /** Whether the client is still there; what it says meanwhile is thrown away. */
  boolean isOpen() {
    try {
      return channel.read(ByteBuffer.allocate(64)) >= 0;
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void write(char[] text, int offset, int length) throws IOException {
    ByteBuffer octets = UTF_8.encode(CharBuffer.wrap(text, offset, length));
    while (octets.hasRemaining()) {
      if (!out.hasRemaining()) {
        flush();
      }
      int some = Math.min(octets.remaining(), out.remaining());
      out.put(out.position(), octets, octets.position(), some);
      out.position(out.position() + some);
      octets.position(octets.position() + some);
    }
  }

  @Override
  public void flush() throws IOException {
    out.flip();
    long end = ticker.nanos() + patience.toNanos();
    while (out.hasRemaining()) {
      if (channel.write(out) > 0) {
        end = ticker.nanos() + patience.toNanos();
      } else if (!await(SelectionKey.OP_WRITE, end)) {
        throw new IOException("the client does not read");
      }
    }
    out.clear();
  }

  /** Waits until the channel is ready; false where that lasts too long. */
  private boolean await(int operation, long end) throws IOException {
    long left = end - ticker.nanos();
    if (left <= 0) {
      return false;
    }
    key.interestOps(operation);
    selector.select(1 + left / 1_000_000);
    selector.selectedKeys().clear();
    return true;
  }

  @Override
  public void close() throws IOException {
    try (selector) {
      channel.close();
    }
  }
}
