package resolver.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.xbill.DNS.ExtendedErrorCodeOption;
import org.xbill.DNS.ExtendedFlags;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;
import resolver.fixtures.Answers;
import resolver.fixtures.ManualClock;
import resolver.fixtures.ScriptedSource;
import resolver.query.Answer;
import resolver.query.Question;
import resolver.wire.ExtendedError;

/** The pipeline in the shape of dnsjava's resolver. */
@Timeout(20)
class PipelineResolverTest {
  private static final Question WWW = Answers.question("www.example.org", "A");
  private static final Executor HERE = Runnable::run;

  private final ManualClock clock = new ManualClock();
  private final ScriptedSource pipeline = new ScriptedSource();
  private final PipelineResolver resolver = new PipelineResolver(pipeline, clock, HERE);

  @Test
  void theResponseHasTheIdTheSpellingAndTheAgedRecords() throws Exception {
    Message query = query("WWW.example.org");
    var response = resolver.sendAsync(query).toCompletableFuture();
    long arrivedAt = clock.nanos();
    clock.advance(Duration.ofSeconds(100));
    pipeline.answer(0, Answers.answer(WWW, 300, arrivedAt, "www.example.org. 300 IN A 192.0.2.1"));
    Message message = response.get();
    assertThat(message.getHeader().getID()).isEqualTo(query.getHeader().getID());
    assertThat(message.getQuestion().getName()).hasToString("WWW.example.org.");
    assertThat(message.getSection(Section.ANSWER))
        .singleElement()
        .hasToString("WWW.example.org.\t200\tIN\tA\t192.0.2.1");
    assertThat(message.getHeader().getFlag(Flags.RA)).isTrue();
  }

  @Test
  void theQuestionCarriesTheCdBitAndDoChoosesTheImage() throws Exception {
    Message query = query("www.example.org");
    query.getHeader().setFlag(Flags.CD);
    query.addRecord(new org.xbill.DNS.OPTRecord(1232, 0, 0, ExtendedFlags.DO), Section.ADDITIONAL);
    var response = resolver.sendAsync(query).toCompletableFuture();
    assertThat(pipeline.held(0).ask().question().checkingDisabled()).isTrue();
    var plain = Answers.image(WWW, 60, Section.ANSWER, "www.example.org. 60 IN A 192.0.2.1");
    var signed =
        Answers.image(
            WWW,
            60,
            Section.ANSWER,
            "www.example.org. 60 IN A 192.0.2.1",
            "www.example.org. 60 IN RRSIG A 13 3 300 20300101000000 20200101000000 1 example.org."
                + " AAAA");
    pipeline.answer(0, Answers.of(0, plain, signed, 60, clock.nanos()));
    assertThat(response.get().getSection(Section.ANSWER)).hasSize(2);
  }

  @Test
  void aFailureIsAResponseWithItsReason() throws Exception {
    var response = resolver.sendAsync(query("www.example.org")).toCompletableFuture();
    ExtendedError why = new ExtendedError(ExtendedError.NETWORK_ERROR, "nobody is there");
    pipeline.answer(0, Answer.local(Rcode.SERVFAIL, Answer.Failure.NETWORK, why));
    Message message = response.get();
    assertThat(message.getRcode()).isEqualTo(Rcode.SERVFAIL);
    assertThat(message.getOPT().getOptions())
        .containsExactly(new ExtendedErrorCodeOption(23, "nobody is there"));
  }

  @Test
  void silenceEndsInAnIoExceptionAndNobodyWaitsOn() {
    resolver.setTimeout(Duration.ofMillis(20));
    var response = resolver.sendAsync(query("www.example.org")).toCompletableFuture();
    assertThatThrownBy(() -> response.get(10, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(IOException.class)
        .hasMessageContaining("20 ms");
    assertThat(pipeline.held(0).left()).isTrue();
  }

  @Test
  void aQueryWithoutAQuestionFails() {
    assertThat(resolver.sendAsync(new Message()).toCompletableFuture())
        .failsWithin(Duration.ZERO)
        .withThrowableOfType(ExecutionException.class)
        .withCauseInstanceOf(IOException.class);
    assertThat(pipeline.asked()).isZero();
  }

  private static Message query(String name) {
    return Message.newQuery(Record.newRecord(Answers.name(name), Type.A, 1));
  }
}
