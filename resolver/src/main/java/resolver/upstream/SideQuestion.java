package resolver.upstream;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.TextParseException;
import resolver.clock.Ticker;
import resolver.query.Answer;
import resolver.query.Ask;
import resolver.query.Delivery;
import resolver.query.Pending;
import resolver.query.Question;
import resolver.query.Receiver;

/**
 * Questions beside the pipeline, about what it needs itself in order to ask: they go to servers of
 * their own, and nothing of them is kept in the cache. Any thread may call.
 *
 * @param asker asks given servers
 * @param executor where replies are taken
 */
record SideQuestion(Asker asker, Executor executor, Ticker ticker) {
  private static final long TIME = Duration.ofSeconds(6).toNanos();

  /** Asks given servers: a {@link Forwarder}. */
  interface Asker {
    Pending ask(List<Server> servers, Ask ask, Receiver to);
  }

  /**
   * What has come of a question.
   *
   * @param records of the answer section, those of aliases among them
   * @param ttl for how long that holds, in seconds
   * @param answered whether a server has answered, and be it that there is nothing; a failure that
   *     it tells (SERVFAIL, REFUSED) is no answer
   * @param trouble why there are no records; empty where nothing went wrong
   */
  record Reply(List<Record> records, int ttl, boolean answered, String trouble) {
    /** The addresses among the records. */
    List<InetAddress> addresses() {
      List<InetAddress> addresses = new ArrayList<>();
      for (Record each : records) {
        if (each instanceof ARecord four) {
          addresses.add(four.getAddress());
        } else if (each instanceof AAAARecord six) {
          addresses.add(six.getAddress());
        }
      }
      return addresses;
    }
  }

  /**
   * Asks a question.
   *
   * @param name without its last dot
   * @param to is called on the executor, once
   */
  void ask(List<Server> servers, String name, int type, Consumer<Reply> to) {
    Question question;
    try {
      question = Question.of(Name.fromString(name, Name.root).toWire(), type, DClass.IN, false);
    } catch (TextParseException e) {
      throw new IllegalArgumentException("name: " + name, e);
    }
    asker.ask(
        servers,
        Ask.byClient(question, ticker.nanos() + TIME),
        new Receiver() {
          @Override
          public Executor executor() {
            return executor;
          }

          @Override
          public void receive(Answer answer, Delivery how) {
            to.accept(reply(question, answer));
          }
        });
  }

  private static Reply reply(Question question, Answer answer) {
    boolean answered = answer.failure() == Answer.Failure.NONE;
    String trouble = answer.errors().isEmpty() ? "" : answer.errors().get(0).text();
    try {
      Message message = new Message(Images.octets(question, answer.image(false), 0));
      return new Reply(message.getSection(Section.ANSWER), answer.ttl(), answered, trouble);
    } catch (IOException | RuntimeException e) {
      return new Reply(List.of(), 0, false, "the answer cannot be read: " + e);
    }
  }
}
