package resolver.stampede;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Tries out whether a server forwards to the upstream. Blocks its thread; any other may stop it.
 */
public final class Trial {
  private static final int TIMEOUT_MILLIS = 2000;
  private static final int PAUSE_MILLIS = 500;
  private static final int HEADER = 12;

  private final InetSocketAddress server;
  private final int token = ThreadLocalRandom.current().nextInt();
  private final CountDownLatch stopped = new CountDownLatch(1);
  private volatile @Nullable DatagramSocket asking;
  private String trouble = "not tried";

  /** A trial of a server. */
  public Trial(InetSocketAddress server) {
    this.server = server;
  }

  /**
   * Asks fresh names, one after another, until one is answered as our upstream does.
   *
   * @param tries how often
   * @return false when none was, or when it was stopped
   * @throws InterruptedException where the caller was interrupted
   */
  public boolean succeeds(int tries) throws InterruptedException {
    for (int i = 1; i <= tries && !isStopped(); i++) {
      RoundName name = RoundName.trial(i, token);
      try {
        Verdict verdict = ask(name);
        if (verdict == Verdict.RIGHT) {
          return true;
        }
        trouble = "the answer is " + verdict.words();
      } catch (SocketTimeoutException e) {
        trouble = "no answer within " + Duration.ofMillis(TIMEOUT_MILLIS).toSeconds() + " s";
      } catch (PortUnreachableException e) {
        trouble = "nobody listens there";
      } catch (IOException e) {
        trouble = e.toString();
      }
      if (i < tries && stopped.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
        return false;
      }
    }
    return false;
  }

  /** Ends the trial at once, and for good. */
  public void stop() {
    stopped.countDown();
    DatagramSocket open = asking;
    if (open != null) {
      open.close();
    }
  }

  /** Whether it was stopped. */
  public boolean isStopped() {
    return stopped.getCount() == 0;
  }

  /** Why the last one failed. */
  public String trouble() {
    return trouble;
  }

  private Verdict ask(RoundName name) throws IOException {
    int id = ThreadLocalRandom.current().nextInt(1 << 16);
    byte[] question = name.question();
    byte[] query = new byte[HEADER + question.length];
    Unpooled.wrappedBuffer(query)
        .setShort(0, id)
        .setShort(2, 0x0100)
        .setShort(4, 1)
        .setBytes(HEADER, question);
    try (DatagramSocket socket = new DatagramSocket()) {
      asking = socket;
      if (isStopped()) {
        throw new SocketException("stopped");
      }
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket.connect(server);
      socket.send(new DatagramPacket(query, query.length));
      byte[] room = new byte[Client.MOST_OVER_UDP + 1];
      DatagramPacket packet = new DatagramPacket(room, room.length);
      socket.receive(packet);
      ByteBuf answer = Unpooled.wrappedBuffer(room, 0, packet.getLength());
      return Judge.isFor(answer, id)
          ? Judge.judge(answer, question, name.address(), Client.MOST_OVER_UDP)
          : Verdict.UNREADABLE;
    }
  }
}
