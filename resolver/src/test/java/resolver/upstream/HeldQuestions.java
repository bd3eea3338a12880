package resolver.upstream;

import java.util.ArrayList;
import java.util.List;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;
import resolver.fixtures.Answers;
import resolver.query.Answer;
import resolver.query.Ask;
import resolver.query.Delivery;
import resolver.query.Pending;
import resolver.query.Provenance;
import resolver.query.Receiver;
import resolver.query.Transport;
import resolver.wire.ExtendedError;
import resolver.wire.ResponseImage;

/** Holds what is asked beside the pipeline until a test answers it. Belongs to one thread. */
final class HeldQuestions implements SideQuestion.Asker {
  private final List<Held> held = new ArrayList<>();

  /** One question with those who are asked. */
  record Held(List<Server> servers, Ask ask, Receiver to) {
    /** The servers, the name and the type. */
    String words() {
      return servers
          + " "
          + Answers.nameOf(ask.question())
          + " "
          + Type.string(ask.question().type());
    }

    /** They answer with these records. */
    void answer(int ttl, String... records) {
      receive(Answers.answer(ask.question(), ttl, 0, records));
    }

    void negative(int ttl) {
      receive(
          Answers.negative(
              ask.question(),
              Rcode.NXDOMAIN,
              ttl,
              0,
              "example. 60 IN SOA ns.example. h.example. 1 2 3 4 5"));
    }

    /** They answer with an RCODE that is a failure. */
    void refuse(int rcode) {
      receive(
          Answer.of(
              rcode,
              ResponseImage.EMPTY,
              ResponseImage.EMPTY,
              0,
              0,
              false,
              Answer.Failure.UPSTREAM_RCODE,
              List.of(),
              new Provenance(servers.get(0).address(), Transport.UDP, 1_000_000, 1, 1)));
    }

    /** They cannot be reached. */
    void fail(String why) {
      receive(
          Answer.local(
              Rcode.SERVFAIL,
              Answer.Failure.NETWORK,
              new ExtendedError(ExtendedError.NETWORK_ERROR, why)));
    }

    private void receive(Answer answer) {
      to.executor().execute(() -> to.receive(answer, Delivery.AT_ONCE));
    }
  }

  @Override
  public Pending ask(List<Server> servers, Ask ask, Receiver to) {
    held.add(new Held(servers, ask, to));
    return Pending.DONE;
  }

  /** What was asked since the last call. */
  List<Held> take() {
    List<Held> taken = List.copyOf(held);
    held.clear();
    return taken;
  }

  /** The one question that was asked since the last call. */
  Held takeOne() {
    List<Held> taken = take();
    if (taken.size() != 1) {
      throw new AssertionError("asked: " + taken.stream().map(Held::words).toList());
    }
    return taken.get(0);
  }
}
