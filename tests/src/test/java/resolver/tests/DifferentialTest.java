package resolver.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.xbill.DNS.Name;

/**
 * The same questions asked of an unbound directly and through us: the answers are the same, but for
 * what {@link Permitted} lists. The unbound asks an nsd for the zones of a {@link World}.
 */
class DifferentialTest {
  /** More would hide the first ones. */
  private static final int SHOWN = 20;

  @TempDir static Path directory;
  private static final Map<Way, World> WORLDS = new EnumMap<>(Way.class);
  private static final Set<Way> ASKED = EnumSet.noneOf(Way.class);
  private static final Set<Permitted> NEEDED = EnumSet.noneOf(Permitted.class);
  private static @Nullable Nsd nsd;
  private static @Nullable Unbound unbound;
  private static @Nullable Serve serve;

  private final Map<Asked, Heard> directly = new HashMap<>();
  private final Map<Asked, Heard> throughUs = new HashMap<>();
  private final List<String> different = new ArrayList<>();
  private int differences;

  @BeforeAll
  static void start() throws Exception {
    Map<String, Path> zones = new LinkedHashMap<>();
    List<String> names = new ArrayList<>();
    for (Way way : Way.values()) {
      World world = new World(directory, way.label(), WORLDS.size());
      WORLDS.put(way, world);
      zones.putAll(world.zones());
      names.add(world.lame());
    }
    names.addAll(zones.keySet());
    nsd = Nsd.start(directory, zones);
    unbound = Unbound.asking(nsd, directory, names, "a." + Way.PLAIN.label() + ".example.org.");
    // Unbound keeps negative answers for so long.
    serve =
        Serve.in(directory)
            .settings("cache.max-negative-ttl = '1h'", "upstream.loop-probes = false")
            .upstream(unbound.address())
            .start();
  }

  @AfterAll
  static void stop() throws Exception {
    if (serve != null) {
      serve.close();
    }
    if (unbound != null) {
      unbound.close();
    }
    if (nsd != null) {
      nsd.close();
    }
    if (ASKED.size() == Way.values().length) {
      assertThat(NEEDED).as("permissions that are needed").containsExactly(Permitted.values());
    }
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void whatUnboundAnswersWeAnswer(Way way) throws Exception {
    World world = Objects.requireNonNull(WORLDS.get(way));

    askForTheFirstTime(way, world);
    int queries = unbound().queries();
    askAgain(way, world);
    assertThat(unbound().queries()).as("queries upstream").isEqualTo(queries);
    askInOtherWays(way, world);

    ASKED.add(way);
    if (differences > 0) {
      fail("%d differences:%n%s", differences, String.join("\n\n", different));
    }
  }

  private void askForTheFirstTime(Way way, World world) {
    Set<Name> known = new HashSet<>();
    for (Asked question : world.questions()) {
      Heard direct = way.ask(unbound().address(), question);
      Heard ours = way.ask(serve().address(), question);
      directly.put(question, direct);
      throughUs.put(question, ours);
      Pair pair = new Pair(question, false, direct.reply(), ours.reply());
      // What we know of the name already may be older than the direct answer, and then show one
      // second more: unbound counts those of the clock on the wall, we those since the answer came.
      int atLeast = known.add(question.name()) ? 0 : -1;
      compare("first, " + way, pair);
      compareTtls("first, " + way, pair, atLeast, ours.secondsSinceAtMost(direct));
    }
  }

  private void askAgain(Way way, World world) {
    for (Asked question : world.questions()) {
      Heard direct = Objects.requireNonNull(directly.get(question));
      Heard before = Objects.requireNonNull(throughUs.get(question));
      if (before.reply().mayBeKept()) {
        Heard ours = way.ask(serve().address(), question);
        Pair pair = new Pair(question, false, direct.reply(), ours.reply());
        long atLeast = ours.secondsSinceAtLeast(before);
        compare("again, " + way, pair);
        compareTtls("again, " + way, pair, atLeast, ours.secondsSinceAtMost(direct));
      }
    }
  }

  /** Asks each question in one of the other ways, and in other letters. */
  private void askInOtherWays(Way way, World world) {
    Queue<Way> ways = new ArrayDeque<>(EnumSet.complementOf(EnumSet.of(way)));
    for (Asked question : world.questions()) {
      Way other = ways.remove();
      ways.add(other);
      Asked respelled = question.otherCase();
      Heard direct = other.ask(unbound().address(), respelled);
      Heard ours = other.ask(serve().address(), respelled);
      String when = "later, " + other + " after " + way;
      Pair pair = new Pair(respelled, true, direct.reply(), ours.reply());
      compare(when, pair);
      // With CD it is a question that we have not had yet. Else our answer is still the first one;
      // unbound may have got the SOA anew, since it keeps the letters that were asked for last.
      if (way.checkingDisabled() == other.checkingDisabled()) {
        Heard first = Objects.requireNonNull(directly.get(question));
        pair = new Pair(respelled, true, first.reply(), ours.reply());
        compareTtls(when, pair, 0, ours.secondsSinceAtMost(first));
      }
    }
  }

  private void compare(String when, Pair pair) {
    note(when, pair, Difference.between(pair.direct(), pair.ours()));
  }

  private void compareTtls(String when, Pair pair, long atLeast, long atMost) {
    note(when, pair, Difference.ofTtls(pair.direct(), pair.ours(), atLeast, atMost));
  }

  private void note(String when, Pair pair, List<Difference> found) {
    for (Difference difference : found) {
      Optional<Permitted> permitted = Permitted.by(difference, pair);
      if (permitted.isPresent()) {
        NEEDED.add(permitted.get());
      } else if (++differences <= SHOWN) {
        different.add(when + ": " + pair.question() + "\n" + difference + "\n" + pair);
      }
    }
  }

  private static Unbound unbound() {
    return Objects.requireNonNull(unbound);
  }

  private static Serve serve() {
    return Objects.requireNonNull(serve);
  }
}
