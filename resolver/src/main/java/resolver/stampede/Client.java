package resolver.stampede;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import org.jspecify.annotations.Nullable;
import resolver.clock.DeadlineQueue;
import resolver.query.Transport;
import resolver.rendezvous.Arrival;

/**
 * One client: takes a slot, has its socket ready, goes with the others, asks, waits, and frees its
 * slot behind the round; as often as it has turns. Lives on one event loop.
 */
abstract class Client {
  /** What the clients of one event loop share. */
  record Desk(
      EventLoop loop,
      Rounds rounds,
      DeadlineQueue resends,
      DeadlineQueue timeouts,
      long seed,
      boolean ownSpelling,
      boolean asksAgain) {}

  /** A client without EDNS takes so many octets over UDP (RFC 1035 section 2.3.4). */
  static final int MOST_OVER_UDP = 512;

  private static final int HEADER = 12;
  private static final int RD = 0x0100;

  final Desk desk;
  private final Transport transport;
  private final long number;
  private int turns;
  private @Nullable Round round;
  private int place;
  private char id;
  private byte[] question = {};
  private boolean asking;
  private boolean sent;

  private final DeadlineQueue.Deadline resend =
      new DeadlineQueue.Deadline() {
        @Override
        protected void due() {
          askAgain();
        }
      };

  private final DeadlineQueue.Deadline timeout =
      new DeadlineQueue.Deadline() {
        @Override
        protected void due() {
          end(Verdict.MISSING);
        }
      };

  Client(Desk desk, Transport transport, long number, int turns) {
    this.desk = desk;
    this.transport = transport;
    this.number = number;
    this.turns = turns;
  }

  /** Opens the socket where it is not open, and calls {@link #arrive}, even where that failed. */
  abstract void prepare();

  /**
   * Chooses the ID of the next query.
   *
   * @param bitsOfRound random, the same for all clients of the round
   * @param bits random, this client's alone
   */
  abstract char chooseId(long bitsOfRound, long bits);

  /** Sends the query, if there is a way, and calls {@link #leaves} just before. */
  abstract void send();

  /** Nothing more is expected with this ID. */
  abstract void ended(char id);

  /** Gives up the socket; called once, at the end. */
  abstract void close();

  /** Whether a query may be lost on the way, so that asking again helps. */
  abstract boolean isLossy();

  /** Begins its turns. */
  final void begin() {
    desk.rounds().slot(transport, desk.loop()).thenRun(this::prepare);
  }

  /** To be called once the socket is ready, or cannot be had. */
  final void arrive() {
    desk.rounds().ready(desk.loop()).stage().whenComplete(this::go);
  }

  private void go(@Nullable Arrival arrival, @Nullable Throwable stopped) {
    if (arrival == null) {
      close();
      return;
    }
    Round now = desk.rounds().current();
    round = now;
    place = arrival.arrivalIndex();
    spell(now, arrival.round());
    asking = true;
    sent = false;
    now.sent(place, transport, desk.rounds().now());
    desk.timeouts().add(timeout);
    if (isLossy() && desk.asksAgain()) {
      desk.resends().add(resend);
    }
    send();
  }

  /** Chooses the ID and the case of every letter, anew in each round. */
  private void spell(Round now, long roundNumber) {
    long bitsOfRound = mix(desk.seed() + mix(roundNumber));
    long bits = mix(bitsOfRound + number);
    id = chooseId(bitsOfRound, bits);
    question = now.question.clone();
    int nameLength = question.length - 4;
    for (int i = 0; desk.ownSpelling() && i < nameLength; i++) {
      if (question[i] >= 'a' && question[i] <= 'z' && (bits >>> (i % 48) & 1) != 0) {
        question[i] = (byte) (question[i] - 32);
      }
    }
  }

  /** Spreads what differs in a few bits over all of them: the finalizer of SplitMix64. */
  private static long mix(long value) {
    long z = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  /** Notes when the query leaves; the first time counts. */
  final void leaves(long now) {
    if (asking && !sent && round != null) {
      sent = true;
      round.sent(place, transport, now);
    }
  }

  private void askAgain() {
    if (asking) {
      desk.resends().add(resend);
      noteResend();
      send();
    }
  }

  final void noteResend() {
    if (round != null) {
      round.resent(place);
    }
  }

  final boolean isAsking() {
    return asking;
  }

  /** The query, to be released by whoever takes it. */
  final ByteBuf query(Channel channel, int headroom) {
    ByteBuf out = channel.alloc().directBuffer(headroom + HEADER + question.length);
    if (headroom == 2) {
      out.writeShort(HEADER + question.length);
    }
    return out.writeShort(id).writeShort(RD).writeInt(1 << 16).writeInt(0).writeBytes(question);
  }

  /** A message came; the caller releases it. */
  final void received(ByteBuf message) {
    Round now = round;
    if (now == null) {
      return;
    }
    if (!asking || !Judge.isFor(message, id)) {
      now.stray();
      return;
    }
    int most = transport == Transport.UDP ? MOST_OVER_UDP : Integer.MAX_VALUE;
    Verdict verdict = Judge.judge(message, question, now.name.address(), most);
    if (verdict == Verdict.OTHER_QUESTION && Judge.isOfAnotherRound(message, now.name)) {
      now.stray();
    } else {
      end(verdict);
    }
  }

  private void end(Verdict verdict) {
    if (!asking || round == null) {
      return;
    }
    asking = false;
    resend.cancel();
    timeout.cancel();
    ended(id);
    round.ended(place, verdict, desk.rounds().now());
    desk.rounds().done(desk.loop()).stage().whenComplete(this::leave);
  }

  private void leave(@Nullable Arrival arrival, @Nullable Throwable stopped) {
    turns--;
    if (arrival == null || turns == 0) {
      close();
    }
    if (arrival != null) {
      desk.rounds().free(transport);
      if (turns > 0) {
        begin();
      }
    }
  }
}
