package resolver.selection;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;
import resolver.settings.DomainNames;
import resolver.settings.Spelling;

/**
 * What becomes of questions for a domain and all names below it.
 *
 * @param domain the domain as in a master file, letters small, with its last dot
 * @param action what becomes of them
 * @param servers who is asked, each as a setting writes it; empty where nobody is
 * @param policy how one of the servers is chosen, or null where it is as for the rest
 */
public record Route(String domain, Action action, List<String> servers, @Nullable Policy policy) {

  /** What becomes of a question. */
  public enum Action {
    /** It is put to the servers of the route, and to no others. */
    FORWARD,
    /** It is refused. */
    REFUSE,
    /** It is answered from local data, else there is no such name. */
    LOCAL_ONLY
  }

  /** The route of all names that no other route has; its servers are set elsewhere. */
  static final Route REST = new Route(".", Action.FORWARD, List.of(), null);

  private static final String FORM =
      "a domain, then servers and perhaps policy=race, or \"refuse\", or \"local-only\"";

  private static final String POLICY = "policy=";

  /** Copies the list. */
  public Route {
    servers = List.copyOf(servers);
    if (servers.size() > Order.MOST) {
      throw new IllegalArgumentException("at most " + Order.MOST + " servers in a route");
    }
  }

  // Written out, as is hashCode: Java makes those of a record when one is called first, and the
  // start would wait for that.
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Route route
        && domain.equals(route.domain)
        && action == route.action
        && policy == route.policy
        && servers.equals(route.servers);
  }

  @Override
  public int hashCode() {
    return domain.hashCode();
  }

  /**
   * Reads a route.
   *
   * @param server reads one server, and writes it as it is always written; throws an {@link
   *     IllegalArgumentException} that says what is expected
   * @throws IllegalArgumentException where it is none; the message says what is expected
   */
  public static Route parse(String text, UnaryOperator<String> server) {
    List<String> words = Arrays.asList(text.strip().split("\\s+"));
    String domain = domain(words.get(0));
    List<String> rest = words.subList(1, words.size());
    if (rest.isEmpty()) {
      throw new IllegalArgumentException(FORM);
    }
    if (rest.equals(List.of("refuse"))) {
      return new Route(domain, Action.REFUSE, List.of(), null);
    }
    if (rest.equals(List.of("local-only"))) {
      return new Route(domain, Action.LOCAL_ONLY, List.of(), null);
    }
    List<String> servers = new ArrayList<>();
    Policy policy = null;
    for (String word : rest) {
      if (word.equals("refuse") || word.equals("local-only")) {
        throw new IllegalArgumentException("\"" + word + "\" alone behind the domain");
      }
      if (word.startsWith(POLICY)) {
        policy = policy(word.substring(POLICY.length()));
      } else {
        servers.add(server.apply(word));
      }
    }
    if (servers.isEmpty()) {
      throw new IllegalArgumentException(FORM);
    }
    if (servers.stream().distinct().count() < servers.size()) {
      throw new IllegalArgumentException("each server of a route once");
    }
    return new Route(domain, Action.FORWARD, servers, policy);
  }

  private static String domain(String text) {
    Name name;
    try {
      name = DomainNames.parse(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(FORM, e);
    }
    if (name.equals(Name.root)) {
      throw new IllegalArgumentException(
          "a domain below the root: the servers of all other names are upstream.servers");
    }
    return name.toString().toLowerCase(Locale.ROOT);
  }

  private static Policy policy(String word) {
    for (Policy policy : Policy.values()) {
      if (Spelling.word(policy).equals(word)) {
        return policy;
      }
    }
    StringJoiner known = new StringJoiner(", ");
    for (Policy policy : Policy.values()) {
      known.add(POLICY + Spelling.word(policy));
    }
    throw new IllegalArgumentException("one of " + known);
  }

  /** Whether it is that of all names that no other route has. */
  public boolean isRest() {
    return domain.equals(".");
  }

  /** The domain as octets, letters small. */
  public byte[] octets() {
    return DomainNames.parse(domain).toWireCanonical();
  }

  /** The domain as people write it. */
  public String title() {
    return isRest() ? domain : domain.substring(0, domain.length() - 1);
  }

  /** The route as it is read. */
  @Override
  public String toString() {
    StringJoiner words = new StringJoiner(" ").add(title());
    if (action != Action.FORWARD) {
      return words.add(Spelling.word(action)).toString();
    }
    servers.forEach(words::add);
    if (policy != null) {
      words.add(POLICY + Spelling.word(policy));
    }
    return words.toString();
  }
}
