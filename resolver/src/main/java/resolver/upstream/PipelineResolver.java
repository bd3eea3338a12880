package resolver.upstream;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.ExtendedErrorCodeOption;
import org.xbill.DNS.ExtendedFlags;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Header;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.Section;
import org.xbill.DNS.TSIG;
import resolver.clock.Ticker;
import resolver.query.Answer;
import resolver.query.AnswerSource;
import resolver.query.Ask;
import resolver.query.Delivery;
import resolver.query.Question;
import resolver.query.Receiver;

/**
 * A pipeline of ours in the shape of dnsjava's resolver, so that what is written against dnsjava
 * can ask through it: the same cache, the same flights. Any thread may call.
 */
public final class PipelineResolver implements Resolver {
  private static final int UDP_SIZE = 1232;
  private static final long SECOND = 1_000_000_000L;

  private final AnswerSource pipeline;
  private final Ticker ticker;
  private final Executor executor;
  private volatile Duration timeout = Duration.ofSeconds(5);

  /**
   * An adapter.
   *
   * @param executor where answers are taken, one of the event loops
   */
  public PipelineResolver(AnswerSource pipeline, Ticker ticker, Executor executor) {
    this.pipeline = pipeline;
    this.ticker = ticker;
    this.executor = executor;
  }

  @Override
  public CompletionStage<Message> sendAsync(Message query) {
    return sendAsync(query, executor);
  }

  /**
   * Asks the question of a query.
   *
   * @param on where the stage is completed
   * @return the response; fails with {@link IOException} when none came within the time-out
   */
  @Override
  public CompletionStage<Message> sendAsync(Message query, Executor on) {
    CompletableFuture<Message> result = new CompletableFuture<>();
    Record asked = query.getQuestion();
    if (asked == null) {
      result.completeExceptionally(new IOException("the query has no question"));
      return result;
    }
    OPTRecord opt = query.getOPT();
    boolean dnssecOk = opt != null && (opt.getFlags() & ExtendedFlags.DO) != 0;
    Question question =
        Question.of(
            asked.getName().toWire(),
            asked.getType(),
            asked.getDClass(),
            query.getHeader().getFlag(Flags.CD));
    Duration limit = timeout;
    long deadline = ticker.nanos() + limit.toNanos();
    var pending =
        pipeline.ask(
            Ask.byClient(question, deadline),
            new Receiver() {
              @Override
              public Executor executor() {
                return executor;
              }

              @Override
              public void receive(Answer answer, Delivery how) {
                on.execute(() -> complete(result, query, answer, dnssecOk));
              }
            });
    return result
        .orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS)
        .exceptionallyCompose(thrown -> CompletableFuture.failedFuture(explain(thrown, limit)))
        .whenComplete((message, thrown) -> pending.leave());
  }

  private static Throwable explain(Throwable thrown, Duration limit) {
    return thrown instanceof TimeoutException
        ? new IOException("no answer within " + limit.toMillis() + " ms", thrown)
        : thrown;
  }

  private void complete(
      CompletableFuture<Message> result, Message query, Answer answer, boolean dnssecOk) {
    try {
      result.complete(toMessage(query, answer, dnssecOk));
    } catch (IOException | RuntimeException e) {
      result.completeExceptionally(e);
    }
  }

  private Message toMessage(Message query, Answer answer, boolean dnssecOk) throws IOException {
    long age = answer.isLocal() ? 0 : (ticker.nanos() - answer.arrivedAt()) / SECOND;
    Message message =
        new Message(Images.octets(query.getQuestion(), answer.image(dnssecOk), (int) age));
    Header header = message.getHeader();
    header.setID(query.getHeader().getID());
    header.setFlag(Flags.QR);
    header.setFlag(Flags.RD);
    header.setFlag(Flags.RA);
    if (answer.authentic()) {
      header.setFlag(Flags.AD);
    }
    header.setRcode(answer.rcode() & 15);
    message.addRecord(opt(answer, dnssecOk), Section.ADDITIONAL);
    return message;
  }

  private static OPTRecord opt(Answer answer, boolean dnssecOk) {
    List<EDNSOption> errors = new ArrayList<>();
    answer.errors().forEach(e -> errors.add(new ExtendedErrorCodeOption(e.code(), e.text())));
    return new OPTRecord(
        UDP_SIZE, answer.rcode() >>> 4, 0, dnssecOk ? ExtendedFlags.DO : 0, errors);
  }

  @Override
  public void setTimeout(Duration timeout) {
    this.timeout = timeout;
  }

  @Override
  public Duration getTimeout() {
    return timeout;
  }

  /** Has no effect: the pipeline knows its servers. */
  @Override
  public void setPort(int port) {}

  /** Has no effect: the pipeline decides about TCP. */
  @Override
  public void setTCP(boolean flag) {}

  /** Has no effect: truncated responses never come out of the pipeline. */
  @Override
  public void setIgnoreTruncation(boolean flag) {}

  /** Has no effect: the pipeline speaks EDNS with its servers as it does for all. */
  @Override
  public void setEDNS(int version, int payloadSize, int flags, List<EDNSOption> options) {}

  /** Has no effect: the pipeline signs nothing. */
  @Override
  public void setTSIGKey(@Nullable TSIG key) {}
}
