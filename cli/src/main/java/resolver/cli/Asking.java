package resolver.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.xbill.DNS.ExtendedFlags;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.Section;
import resolver.config.Settings;
import resolver.daemon.StartException;
import resolver.settings.Addresses;
import resolver.settings.Words;

/**
 * Decides who is asked, and asks all questions at once, each on a thread of its own.
 *
 * <p>Only where the machine says that nothing listens at the daemon's address does this process
 * resolve for itself. A daemon that is silent is a fault to be seen, not to be worked around.
 */
final class Asking {
  /** RFC 9715 section 3.1: responses of this size are not cut into fragments. */
  private static final int UDP_SIZE = 1232;

  private final Manner manner;

  /**
   * How to ask.
   *
   * @param tcp over TCP alone
   * @param dnssec with DO: signatures are wanted
   * @param checkingDisabled with CD: answers that do not validate are wanted
   * @param recurse with RD: the server is to find the answer
   * @param timeout for each question
   */
  record Manner(
      boolean tcp, boolean dnssec, boolean checkingDisabled, boolean recurse, Duration timeout) {}

  /** Asks one question. */
  private interface Way {
    Reply.Received ask(Record question) throws NoReplyException;
  }

  Asking(Manner manner) {
    this.manner = manner;
  }

  /** Asks a server of the user's choice. */
  List<Reply> server(ServerWord word, List<Record> questions) {
    long start = System.nanoTime();
    InetSocketAddress address;
    try {
      address = word.address();
    } catch (UnknownHostException e) {
      Source source = Source.server(word.host());
      String problem = "the system finds no address of " + word.host() + "; give an IP address";
      return questions.stream()
          .map(q -> Reply.none(q, source, System.nanoTime() - start, problem))
          .toList();
    }
    String text = Addresses.format(address);
    Source source = Source.server(word.isName() ? text + ", " + word.host() : text);
    return askAll(questions, source, question -> direct(address, question));
  }

  /** Asks the daemon, or this process where there is none. */
  List<Reply> daemonOrProcess(Settings settings, InProcess.Opener opener, List<Record> questions)
      throws StartException {
    InetSocketAddress address = reachable(settings.server().listen().get(0));
    if (address.getPort() == 0) {
      return process(settings, opener, questions, "the daemon has no fixed port");
    }
    String text = Addresses.format(address);
    List<Record> unheard = new ArrayList<>();
    List<Reply> replies =
        askAll(
            questions,
            Source.daemon(text),
            question -> {
              try {
                return direct(address, question);
              } catch (NoReplyException e) {
                if (e.nothingListens()) {
                  synchronized (unheard) {
                    unheard.add(question);
                  }
                }
                throw e;
              }
            });
    if (unheard.isEmpty()) {
      return replies;
    }
    List<Record> again = questions.stream().filter(unheard::contains).toList();
    List<Reply> others = process(settings, opener, again, "no daemon at " + text);
    return replies.stream()
        .map(reply -> unheard.contains(reply.question()) ? find(others, reply) : reply)
        .toList();
  }

  /**
   * Asks the daemon, and nobody in its place.
   *
   * @throws NoReplyException where it does not reply
   */
  Reply daemonAlone(Settings settings, Record question) throws NoReplyException {
    InetSocketAddress address = reachable(settings.server().listen().get(0));
    return Reply.of(question, Source.daemon(Addresses.format(address)), direct(address, question));
  }

  private static Reply find(List<Reply> replies, Reply like) {
    return replies.stream()
        .filter(reply -> reply.question().equals(like.question()))
        .findFirst()
        .orElse(like);
  }

  /** A daemon that listens everywhere is asked on the loopback address. */
  private static InetSocketAddress reachable(InetSocketAddress listen) {
    InetAddress address = listen.getAddress();
    if (!address.isAnyLocalAddress()) {
      return listen;
    }
    String loopback = address.getAddress().length == 4 ? "127.0.0.1" : "::1";
    return Addresses.parse(loopback, listen.getPort());
  }

  private List<Reply> process(
      Settings settings, InProcess.Opener opener, List<Record> questions, String note)
      throws StartException {
    try (InProcess local = opener.open(settings)) {
      return askAll(
          questions,
          Source.process(local.describe(), note),
          question -> through(local.resolver(), question));
    }
  }

  private List<Reply> askAll(List<Record> questions, Source source, Way way) {
    ExecutorService threads =
        Executors.newFixedThreadPool(
            questions.size(),
            run -> {
              Thread thread = new Thread(run, "question");
              thread.setDaemon(true);
              return thread;
            });
    try {
      List<Future<Reply>> futures =
          questions.stream().map(q -> threads.submit(() -> askOne(q, source, way))).toList();
      List<Reply> replies = new ArrayList<>();
      for (Future<Reply> future : futures) {
        replies.add(future.get());
      }
      return replies;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } finally {
      threads.shutdownNow();
    }
  }

  private static Reply askOne(Record question, Source source, Way way) {
    long start = System.nanoTime();
    try {
      return Reply.of(question, source, way.ask(question));
    } catch (NoReplyException e) {
      return Reply.none(question, source, System.nanoTime() - start, e.why());
    }
  }

  private Reply.Received direct(InetSocketAddress address, Record question)
      throws NoReplyException {
    Reply.Received received =
        Exchange.ask(address, query(question, true), manner.tcp(), manner.timeout());
    Message message = received.message();
    boolean withoutEdns = message.getRcode() == Rcode.FORMERR && message.getOPT() == null;
    // RFC 6891 section 7: a server that does not know EDNS says FORMERR.
    return withoutEdns && !manner.dnssec()
        ? Exchange.ask(address, query(question, false), manner.tcp(), manner.timeout())
        : received;
  }

  private Reply.Received through(Resolver resolver, Record question) throws NoReplyException {
    Message query = query(question, true);
    long start = System.nanoTime();
    try {
      Message message =
          resolver
              .sendAsync(query)
              .toCompletableFuture()
              .get(manner.timeout().toMillis(), TimeUnit.MILLISECONDS);
      long nanos = System.nanoTime() - start;
      return new Reply.Received(message, message.numBytes(), "", nanos);
    } catch (TimeoutException e) {
      throw new NoReplyException("no answer within " + Words.duration(manner.timeout()), false);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException io) {
        String why = io.getMessage();
        throw new NoReplyException(why == null ? io.toString() : why, false);
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private Message query(Record question, boolean edns) {
    Message query = Message.newQuery(question);
    if (!manner.recurse()) {
      query.getHeader().unsetFlag(Flags.RD);
    }
    if (manner.checkingDisabled()) {
      query.getHeader().setFlag(Flags.CD);
    }
    if (edns) {
      int flags = manner.dnssec() ? ExtendedFlags.DO : 0;
      query.addRecord(new OPTRecord(UDP_SIZE, 0, 0, flags), Section.ADDITIONAL);
    }
    return query;
  }
}
