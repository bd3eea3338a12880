package resolver.selection;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import resolver.query.Question;
import resolver.query.SuffixMap;

/**
 * The routes in force: the longest domain that a name is, or lies below, decides; all other names
 * take the route of the rest. Immutable, so any thread may call.
 *
 * <p>Each route has a space of its own, the part of the cache for answers to questions that took it
 * though it is not theirs: what a route's servers say of a name that belongs to another route must
 * not be found under that name by those who ask for it. A route that changes gets another space, so
 * that what was kept in the old one is found no more.
 */
public final class Routes {
  /** No routes but that of the rest. */
  public static final Routes NONE = new Routes(List.of(), 1);

  /** That of the rest is one. */
  private static final int FIRST_SPACE = 2;

  private static final int MOST_SPACES = 0xffff;

  /** A route in force. */
  public static final class Leg {
    private final Route route;
    private final int index;
    private final int space;

    private Leg(Route route, int index, int space) {
      this.route = route;
      this.index = index;
      this.space = space;
    }

    /** What it was made of. */
    public Route route() {
      return route;
    }

    /** Its place among the routes in force; zero for the rest. */
    public int index() {
      return index;
    }

    /** The part of the cache for names of others; never zero. */
    public int space() {
      return space;
    }
  }

  private final List<Leg> legs = new ArrayList<>();
  private final SuffixMap<Leg> byName;
  private final Leg rest = new Leg(Route.REST, 0, 1);
  private final int lastSpace;

  private Routes(List<Leg> others, int lastSpace) {
    this.lastSpace = lastSpace;
    legs.add(rest);
    legs.addAll(others);
    List<Map.Entry<byte[], Leg>> entries = new ArrayList<>();
    others.forEach(leg -> entries.add(Map.entry(leg.route.octets(), leg)));
    byName = new SuffixMap<>(entries);
  }

  /**
   * These routes instead of those in force.
   *
   * @param next each for another domain
   */
  public Routes replacedBy(List<Route> next) {
    List<Leg> others = new ArrayList<>();
    int last = lastSpace;
    for (Route route : next) {
      Leg before = legOf(route);
      if (before == null) {
        last = last == MOST_SPACES ? FIRST_SPACE : last + 1;
      }
      int space = before == null ? last : before.space;
      others.add(new Leg(route, others.size() + 1, space));
    }
    return new Routes(others, last);
  }

  private @Nullable Leg legOf(Route route) {
    return legs.stream().filter(leg -> leg.route.equals(route)).findFirst().orElse(null);
  }

  /** All of them, that of the rest first. */
  public List<Leg> legs() {
    return List.copyOf(legs);
  }

  /** The route that a question takes: that of its space, else that of its name. */
  public Leg of(Question question) {
    if (question.space() != 0) {
      for (Leg leg : legs) {
        if (leg.space == question.space()) {
          return leg;
        }
      }
    }
    return ofName(question);
  }

  private Leg ofName(Question question) {
    return byName.isEmpty() ? rest : Objects.requireNonNullElse(byName.longest(question), rest);
  }

  /**
   * The space in which the target of an alias is asked for.
   *
   * @param asked the question that led to it
   */
  public int spaceOf(Question target, Question asked, AliasRoute by) {
    if (by == AliasRoute.OWN || (byName.isEmpty() && asked.space() == 0)) {
      return 0;
    }
    Leg taken = of(asked);
    return ofName(target) == taken ? 0 : taken.space;
  }

  /** Whether a name takes another route by the given ones than by these. */
  public Predicate<Question> differenceTo(Routes next) {
    return question -> !ofName(question).route.equals(next.ofName(question).route);
  }
}
