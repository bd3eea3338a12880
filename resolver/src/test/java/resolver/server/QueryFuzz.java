package resolver.server;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;
import resolver.fixtures.Gates;
import resolver.fixtures.ManualClock;
import resolver.fixtures.Policies;
import resolver.fixtures.RecordingObserver;
import resolver.query.Answer;
import resolver.query.AnswerSource;
import resolver.query.Delivery;
import resolver.query.Pending;
import resolver.query.Provenance;
import resolver.query.QueryTap;
import resolver.query.Question;
import resolver.query.Transport;
import resolver.settings.Addresses;
import resolver.wire.ExtendedError;
import resolver.wire.Octets;
import resolver.wire.ResponseImage;

/**
 * Any octets as a query, over both transports, answered in several ways: a query gets one response,
 * which is a message, repeats its ID and question and keeps to its size; all else gets silence.
 */
public final class QueryFuzz {
  private static final InetSocketAddress CLIENT = Addresses.parse("127.0.0.1", 40_000);
  private static final InetSocketAddress STRANGER = Addresses.parse("192.0.2.7", 40_000);
  private static final int HEADER = 12;
  private static final int LEAST_UDP_SIZE = 512;

  private QueryFuzz() {}

  /** Tries one input. */
  public static void fuzzerTestOneInput(byte[] data) {
    for (Transport transport : List.of(Transport.UDP, Transport.TCP)) {
      for (Script script : Script.values()) {
        new Trial(data, transport, script, CLIENT).run();
      }
      new Trial(data, transport, Script.SMALL, STRANGER).run();
    }
  }

  /** What the shared half makes of a question. */
  enum Script {
    SMALL,
    NEARLY_TOO_LARGE,
    LARGE,
    FAILURE,
    SILENCE;

    /** A source that follows this script. */
    AnswerSource source(int wobble) {
      return (ask, to) -> {
        if (this == SILENCE) {
          return () -> {};
        }
        to.receive(answer(ask.question(), wobble), Delivery.AT_ONCE);
        return Pending.DONE;
      };
    }

    /** The answer to a question; the wobble moves sizes about their limit. */
    Answer answer(Question question, int wobble) {
      return switch (this) {
        case SMALL -> answer(image(question, 4, 1), image(question, 100, 2));
        case NEARLY_TOO_LARGE -> {
          int fixed = HEADER + question.nameLength() + 4 + 12 + 11;
          ResponseImage image = image(question, 1232 - fixed - 2 + wobble % 5, 1);
          yield answer(image, image);
        }
        case LARGE -> answer(image(question, 1_000, 3), image(question, 1_000, 4));
        default ->
            Answer.local(
                Rcode.SERVFAIL,
                Answer.Failure.TIMEOUT,
                Collections.nCopies(5, new ExtendedError(ExtendedError.OTHER, "x".repeat(400)))
                    .toArray(ExtendedError[]::new));
      };
    }

    private static Answer answer(ResponseImage plain, ResponseImage signed) {
      return Answer.of(
          Rcode.NOERROR,
          plain,
          signed,
          0,
          300,
          true,
          Answer.Failure.NONE,
          List.of(new ExtendedError(ExtendedError.STALE_ANSWER, "")),
          new Provenance(Addresses.parse("192.0.2.53", 53), Transport.UDP, 1, 1, 1));
    }

    /** Records of a type that nobody knows, owned by the name asked. */
    private static ResponseImage image(Question question, int dataLength, int records) {
      ByteBuf message = Unpooled.buffer();
      message.writeZero(HEADER).writeBytes(question.name());
      message.writeShort(question.type()).writeShort(question.dnsClass());
      for (int i = 0; i < records; i++) {
        message.writeShort(0xc000 | HEADER).writeShort(65_280).writeShort(1).writeInt(300);
        message.writeShort(dataLength).writeZero(dataLength);
      }
      message.setShort(4, 1).setShort(6, records);
      byte[] octets = new byte[message.readableBytes()];
      message.readBytes(octets);
      return ResponseImage.of(octets);
    }
  }

  /** The parts of a service in which all questions go to one source. */
  static QueryService.Parts parts(
      AnswerSource source, ManualClock clock, RecordingObserver observer) {
    return new QueryService.Parts(
        Gates.open(ServerSettings.DEFAULTS.allow()),
        Policies.byTypeAlone(),
        Policies.letAllOut(),
        new Sources(source, source, source),
        new WaitingClients(ServerSettings.DEFAULTS.waitingPerClient()),
        clock,
        observer,
        QueryTap.NONE,
        ServerSettings.DEFAULTS);
  }

  /** One query and what becomes of it. */
  private static final class Trial implements Responder {
    private final UnpooledByteBufAllocator buffers = new UnpooledByteBufAllocator(false);
    private final ManualClock clock = new ManualClock();
    private final RecordingObserver observer = new RecordingObserver();
    private final byte[] data;
    private final Transport transport;
    private final Script script;
    private final InetSocketAddress client;
    private byte @Nullable [] response;
    private int ends;

    Trial(byte[] data, Transport transport, Script script, InetSocketAddress client) {
      this.data = data;
      this.transport = transport;
      this.script = script;
      this.client = client;
    }

    void run() {
      AnswerSource source = script.source(data.length);
      QueryService service = new QueryService(parts(source, clock, observer), Runnable::run, clock);
      // What stands before a packet in its buffer must not matter, and behind it is nothing.
      byte[] whole = new byte[2 + data.length];
      System.arraycopy(data, 0, whole, 2, data.length);
      ByteBuf packet = Unpooled.wrappedBuffer(whole).skipBytes(2);
      service.handle(packet, transport, client, this);
      clock.advance(ServerSettings.DEFAULTS.clientDeadline());
      assertThat(ends).as("responses or silence").isEqualTo(1);
      assertThat(packet.readerIndex()).isEqualTo(2);
      assertThat(buffers.metric().usedHeapMemory()).as("octets leaked").isZero();
      assertThat(observer.count("classified(DEFECT)")).isZero();
      assertThat(clock.pending()).isZero();
      boolean isQuery = data.length >= HEADER && data[2] >= 0;
      assertThat(response != null).as("has a response").isEqualTo(isQuery);
      if (response != null) {
        check(response);
      }
    }

    private void check(byte[] octets) {
      Message parsed = requireNonNull(parse(octets), "a response that can be parsed");
      assertThat(octets[0]).isEqualTo(data[0]);
      assertThat(octets[1]).isEqualTo(data[1]);
      int flags = Octets.u16(octets, 2);
      assertThat(flags & 0xf910).as("QR, opcode, RD, CD").isEqualTo(0x8000 | flagsAsked());
      int rcode = parsed.getRcode();
      boolean rejected = parsed.getSection(Section.QUESTION).isEmpty();
      if (!rejected) {
        assertQuestionIsRepeated(octets);
      } else {
        assertThat(rcode).isIn(Rcode.FORMERR, Rcode.NOTIMP, Rcode.REFUSED);
      }
      if (client.equals(STRANGER)) {
        assertThat(rcode).isEqualTo(Rcode.REFUSED);
      }
      boolean broken = rcode == Rcode.FORMERR || rcode == Rcode.NOTIMP;
      Message query = parse(withoutTruncation(data));
      int size = query == null || query.getOPT() == null ? 0 : query.getOPT().getPayloadSize();
      if (query != null && !broken && !client.equals(STRANGER)) {
        assertThat(parsed.getOPT() != null).as("OPT").isEqualTo(query.getOPT() != null);
      }
      int limit = Math.max(LEAST_UDP_SIZE, query == null ? 1232 : Math.min(size, 1232));
      assertThat(octets.length).isLessThanOrEqualTo(transport.isStream() ? 65_535 : limit);
      if (parsed.getHeader().getFlag(Flags.TC)) {
        assertThat(transport.isStream()).as("cut").isFalse();
        assertThat(parsed.getSection(Section.ANSWER)).isEmpty();
      }
      boolean answered = rcode == Rcode.NOERROR && parsed.getHeader().getOpcode() == Opcode.QUERY;
      if (answered && transport.isStream()) {
        assertThat(parsed.getSection(Section.ANSWER)).isNotEmpty();
      }
    }

    private int flagsAsked() {
      return Octets.u16(data, 2) & 0x7910;
    }

    private void assertQuestionIsRepeated(byte[] octets) {
      int end = HEADER;
      while (octets[end] != 0) {
        end += 1 + (octets[end] & 0xff);
      }
      end += 5;
      assertThat(data.length).isGreaterThanOrEqualTo(end);
      assertThat(Arrays.equals(octets, HEADER, end, data, HEADER, end)).as("question").isTrue();
    }

    /**
     * The parser forgives a message with TC that it ends too soon, and leaves out what it likes.
     */
    private static byte[] withoutTruncation(byte[] octets) {
      byte[] other = octets.clone();
      other[2] &= (byte) 0xfd;
      return other;
    }

    private static @Nullable Message parse(byte[] octets) {
      try {
        return new Message(octets);
      } catch (IOException | RuntimeException e) {
        return null;
      }
    }

    @Override
    public ByteBuf newBuffer() {
      // Like a frame over TCP: rendering must not suppose that it begins at zero.
      return buffers.buffer(16).writeShort(0);
    }

    @Override
    public void respond(ByteBuf response) {
      ends++;
      byte[] octets = new byte[response.skipBytes(2).readableBytes()];
      response.readBytes(octets);
      response.release();
      this.response = octets;
    }

    @Override
    public void ignore() {
      ends++;
    }
  }
}
