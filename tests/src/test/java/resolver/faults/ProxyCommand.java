package resolver.faults;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import resolver.settings.Addresses;

/**
 * Fault proxies from the command line.
 *
 * <pre>
 * ProxyCommand SEED TARGET-PORT PORT[ PLAN] ...
 * </pre>
 *
 * <p>Each proxy listens on a port of 127.0.0.1 (0 takes a free one), stands before the target port,
 * and follows its plan, such as {@code "5353 delay=1s; 5s none"}, from the moment on that it tells
 * where it listens. Lines on standard input are obeyed, and each is answered by one line:
 *
 * <pre>
 * set NUMBER FAULTS    lets faults hold, and ends the plan; proxies are numbered from 0
 * count                tells for each proxy what has come: datagrams messages connections lost replies resets
 * anew                 counts from zero, and lets chance decide as at the start
 * </pre>
 *
 * <p>The end of standard input ends it.
 */
final class ProxyCommand {
  private final List<FaultProxy> proxies = new ArrayList<>();
  private final List<Boolean> planned = new ArrayList<>();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          run -> {
            Thread thread = new Thread(run, "plans");
            thread.setDaemon(true);
            return thread;
          });

  private ProxyCommand() {}

  /** Runs until standard input ends. */
  public static void main(String[] arguments) throws IOException {
    ProxyCommand command = new ProxyCommand();
    try {
      command.start(arguments);
      BufferedReader in =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        say(command.obey(line));
      }
    } catch (IllegalArgumentException e) {
      System.err.println("proxy: " + e.getMessage());
      System.exit(2);
    }
    command.proxies.forEach(FaultProxy::close);
  }

  private void start(String[] arguments) {
    if (arguments.length < 3) {
      throw new IllegalArgumentException(
          arguments.length + " words (expected: SEED TARGET-PORT \"PORT[ PLAN]\" ...)");
    }
    long seed = number(arguments[0]);
    InetSocketAddress target = loopback(number(arguments[1]));
    say("seed " + seed);
    for (int i = 2; i < arguments.length; i++) {
      String[] words = arguments[i].trim().split("\\s+", 2);
      Schedule schedule = Schedule.parse(words.length == 1 ? "none" : words[1]);
      FaultProxy proxy = FaultProxy.start(loopback(number(words[0])), target, seed + i - 2);
      proxies.add(proxy);
      planned.add(true);
      follow(proxies.size() - 1, schedule);
      say("listening 127.0.0.1:" + proxy.address().getPort());
    }
  }

  private void follow(int number, Schedule schedule) {
    proxies.get(number).set(schedule.steps().get(0).faults());
    for (Schedule.Step step : schedule.steps().subList(1, schedule.steps().size())) {
      timer.schedule(
          () -> setAsPlanned(number, step.faults()), step.at().toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private synchronized void setAsPlanned(int number, Faults faults) {
    if (planned.get(number)) {
      proxies.get(number).set(faults);
    }
  }

  private synchronized String obey(String line) {
    String[] words = line.trim().split("\\s+", 3);
    try {
      switch (words[0]) {
        case "set" -> {
          if (words.length < 3) {
            throw new IllegalArgumentException(line + " (expected: set NUMBER FAULTS)");
          }
          int number = (int) number(words[1]);
          if (number >= proxies.size()) {
            throw new IllegalArgumentException(words[1] + " (expected: 0 to " + last() + ")");
          }
          planned.set(number, false);
          proxies.get(number).set(words[2]);
          return "ok";
        }
        case "count" -> {
          return counts();
        }
        case "anew" -> {
          proxies.forEach(FaultProxy::startAnew);
          return "ok";
        }
        default -> throw new IllegalArgumentException(line + " (expected: set, count or anew)");
      }
    } catch (IllegalArgumentException e) {
      return "error " + e.getMessage();
    }
  }

  private int last() {
    return proxies.size() - 1;
  }

  private String counts() {
    StringBuilder text = new StringBuilder("count");
    for (FaultProxy proxy : proxies) {
      Counts now = proxy.counts();
      text.append(
          " %d,%d,%d,%d,%d,%d"
              .formatted(
                  now.datagrams(),
                  now.messages(),
                  now.connections(),
                  now.lost(),
                  now.replies(),
                  now.resets()));
    }
    return text.toString();
  }

  private static InetSocketAddress loopback(long port) {
    if (port > 65_535) {
      throw new IllegalArgumentException(port + " (expected: a port)");
    }
    return Addresses.parse("127.0.0.1", (int) port);
  }

  private static long number(String word) {
    if (!word.matches("\\d{1,9}")) {
      throw new IllegalArgumentException(word + " (expected: a number)");
    }
    return Long.parseLong(word);
  }

  private static void say(String line) {
    System.out.println(line);
  }
}
