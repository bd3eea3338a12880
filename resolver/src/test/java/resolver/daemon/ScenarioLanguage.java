package resolver.daemon;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.DClass;
import org.xbill.DNS.ExtendedFlags;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import resolver.daemon.Scenario.Action;
import resolver.daemon.ScenarioMessage.Told;
import resolver.fixtures.Answers;
import resolver.query.QueryObserver.Outcome;
import resolver.query.Question;
import resolver.query.Transport;
import resolver.settings.Addresses;

/** Understands the steps of one scenario, line by line, before any of them is played. */
final class ScenarioLanguage {
  private static final String STEPS =
      "SCENARIO, SETTINGS, KNOWN, QUERY, QUERIES, UPSTREAM, CHECK, COUNTED, TIME PASSES, FLUSH or"
          + " HANG UP";
  private static final int UDP_SIZE = 1232;

  private final Set<String> clients = new HashSet<>();

  /** How a client asks. */
  private static final class Asking {
    private final Message message;
    private Transport transport = Transport.UDP;
    private String from = "127.0.0.1";

    Asking(Message message) {
      this.message = message;
    }
  }

  /**
   * What a line does.
   *
   * @param records the lines below it that tell records
   * @throws IllegalArgumentException where one is not understood; tells which
   */
  Action action(ScenarioLine line, List<ScenarioLine> records) {
    List<Told> told = new ArrayList<>();
    for (ScenarioLine record : records) {
      told.add(record.record());
    }
    Action action = withRecords(line, told);
    if (action == null) {
      action = withoutRecords(line);
      if (!records.isEmpty()) {
        throw records.get(0).error("a record", "a line before it that takes records");
      }
    }
    line.end();
    return action;
  }

  private @Nullable Action withRecords(ScenarioLine line, List<Told> records) {
    if (line.takes("KNOWN")) {
      return known(line, records);
    }
    if (line.takes("UPSTREAM ANSWERS")) {
      Question question = line.isAtRcode() ? null : line.question();
      ScenarioMessage message = message(line, records);
      return world -> world.upstreamAnswers(question, message);
    }
    if (line.takes("CHECK")) {
      String client = client(line);
      if (line.isAtRcode()) {
        ScenarioMessage message = message(line, records);
        return world -> world.checkAnswer(client, message);
      }
      return records.isEmpty() ? checkNothing(line, client) : null;
    }
    return null;
  }

  private Action known(ScenarioLine line, List<Told> records) {
    Question question = line.question();
    ScenarioMessage message = message(line, records);
    Message query = query(Answers.nameOf(question), question.type());
    if (question.checkingDisabled()) {
      query.getHeader().setFlag(Flags.CD);
    }
    return world -> {
      world.query(line.place(), 1, query, Transport.UDP, "127.0.0.1");
      world.upstreamIsAsked(question);
      world.upstreamAnswers(question, message);
    };
  }

  private static ScenarioMessage message(ScenarioLine line, List<Told> records) {
    int rcode = line.rcode();
    Set<String> flags = new HashSet<>();
    List<Integer> errors = new ArrayList<>();
    while (!line.isAtEnd()) {
      if (line.takes("EDE")) {
        errors.add(line.number("the code of an extended error"));
      } else {
        String flag = line.word("a flag");
        if (!ScenarioMessage.FLAGS.contains(flag)) {
          throw line.error(flag, "AA, TC, AD or EDE");
        }
        flags.add(flag);
      }
    }
    return new ScenarioMessage(rcode, flags, errors, records);
  }

  private static Action checkNothing(ScenarioLine line, String client) {
    if (line.takes("WAITS")) {
      return world -> world.checkWaits(client);
    }
    if (line.takes("IS IGNORED")) {
      return world -> world.checkIgnored(client);
    }
    throw line.error("a client and no more", "an RCODE, WAITS or IS IGNORED");
  }

  private Action withoutRecords(ScenarioLine line) {
    return switch (line.word(STEPS)) {
      case "QUERY" -> query(line, 1);
      case "QUERIES" -> query(line, line.number("how many"));
      case "UPSTREAM" -> upstream(line);
      case "TIME" -> timePasses(line);
      case "FLUSH" -> flush(line);
      case "HANG" -> hangUp(line);
      case "COUNTED" -> counted(line);
      default -> throw line.error("no step", STEPS);
    };
  }

  private Action query(ScenarioLine line, int count) {
    String client = line.word("a name for the client");
    if (!clients.add(client)) {
      throw line.error(client + " again", "a client that has not asked yet");
    }
    if (line.takes("REPEATS")) {
      String earlier = client(line);
      return world -> world.repeat(client, earlier);
    }
    Asking asking = new Asking(query(line.word("a name"), line.type()));
    while (!line.isAtEnd()) {
      option(line, asking);
    }
    return world -> world.query(client, count, asking.message, asking.transport, asking.from);
  }

  private static Message query(String name, int type) {
    Message query = Message.newQuery(Record.newRecord(Answers.name(name), type, DClass.IN));
    query.addRecord(new OPTRecord(UDP_SIZE, 0, 0), Section.ADDITIONAL);
    return query;
  }

  private static void option(ScenarioLine line, Asking asking) {
    Message message = asking.message;
    String option = line.word("an option");
    switch (option) {
      case "+cd" -> message.getHeader().setFlag(Flags.CD);
      case "+ad" -> message.getHeader().setFlag(Flags.AD);
      case "-rd" -> message.getHeader().unsetFlag(Flags.RD);
      case "+tcp" -> asking.transport = Transport.TCP;
      case "-edns" -> message.removeAllRecords(Section.ADDITIONAL);
      case "+do", "+size" -> {
        int size = option.equals("+do") ? UDP_SIZE : line.number("a size in octets");
        int flags = option.equals("+do") ? ExtendedFlags.DO : 0;
        message.removeAllRecords(Section.ADDITIONAL);
        message.addRecord(new OPTRecord(size, 0, 0, flags), Section.ADDITIONAL);
      }
      case "FROM" -> {
        InetAddress from = Addresses.parse(line.word("an address"), 0).getAddress();
        asking.from = from.getHostAddress();
      }
      default -> throw line.error(option, "+do +cd +ad -rd -edns +tcp, +size or FROM");
    }
  }

  private static Action upstream(ScenarioLine line) {
    if (line.takes("IS NOT ASKED")) {
      return ScenarioWorld::upstreamIsNotAsked;
    }
    if (line.takes("IS HEARD")) {
      return ScenarioWorld::upstreamIsHeard;
    }
    if (line.takes("IS TRUSTED")) {
      return ScenarioWorld::upstreamIsTrusted;
    }
    if (line.takes("IS UNREACHABLE")) {
      Question question = line.isAtEnd() ? null : line.question();
      return world -> world.upstreamIsUnreachable(question);
    }
    if (line.takes("IS ASKED")) {
      Question question = line.question();
      return world -> world.upstreamIsAsked(question);
    }
    throw line.error("no step", "ANSWERS, IS ASKED, IS NOT ASKED, IS UNREACHABLE or IS HEARD");
  }

  private static Action timePasses(ScenarioLine line) {
    if (!line.takes("PASSES")) {
      throw line.error("no step", "TIME PASSES");
    }
    java.time.Duration time = line.duration();
    while (!line.isAtEnd()) {
      time = time.plus(line.duration());
    }
    java.time.Duration all = time;
    return world -> world.timePasses(all);
  }

  private static Action flush(ScenarioLine line) {
    if (line.takes("NEGATIVES")) {
      return ScenarioWorld::flushNegatives;
    }
    if (line.takes("EVERYTHING")) {
      return ScenarioWorld::flushEverything;
    }
    byte[] name = line.name();
    return line.takes("AND BELOW") ? world -> world.flushBelow(name) : world -> world.flush(name);
  }

  private Action hangUp(ScenarioLine line) {
    if (!line.takes("UP")) {
      throw line.error("no step", "HANG UP");
    }
    String client = client(line);
    return world -> world.hangUp(client);
  }

  private static Action counted(ScenarioLine line) {
    String word = line.word("an outcome");
    for (Outcome outcome : Outcome.values()) {
      if (outcome.name().equals(word)) {
        int count = line.number("how many");
        return world -> world.checkCount(outcome, count);
      }
    }
    throw line.error(word, "one of " + List.of(Outcome.values()));
  }

  private String client(ScenarioLine line) {
    String client = line.word("a client");
    if (!clients.contains(client)) {
      throw line.error(client, "a client that has asked");
    }
    return client;
  }
}
