package resolver.config;

import java.net.InetSocketAddress;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.xbill.DNS.Name;
import resolver.cache.CacheRule;
import resolver.policy.LocalRecord;
import resolver.settings.Addresses;
import resolver.settings.DomainNames;
import resolver.settings.Network;
import resolver.settings.SettingException;
import resolver.upstream.BootstrapWord;

/**
 * A list of strings that each stand for some values; one string alone is a list of one. What is
 * listed twice is an error, for it is a slip, and an address cannot be opened twice.
 */
final class ListKind<T> implements Kind {
  /** Where queries are taken; outside production nobody may listen on 53 without privileges. */
  private static final int LISTEN_PORT = 5300;

  static final ListKind<InetSocketAddress> LISTEN =
      new ListKind<>("an address", ListKind::listenAddresses, Addresses::format);

  static final ListKind<Network> NETWORKS =
      new ListKind<>("a network", text -> List.of(Network.parse(text)), Network::toString);

  static final ListKind<CacheRule> CACHE_RULES =
      new ListKind<>("a rule", text -> List.of(CacheRule.parse(text)), CacheRule::toString);

  static final ListKind<Name> NAMES =
      new ListKind<>("a name", text -> List.of(DomainNames.parse(text)), ListKind::withoutLastDot);

  static final ListKind<LocalRecord> RECORDS =
      new ListKind<>("a record", text -> List.of(LocalRecord.parse(text)), LocalRecord::text);

  static final ListKind<BootstrapWord> BOOTSTRAP =
      new ListKind<>(
          "a bootstrap line", text -> List.of(BootstrapWord.parse(text)), BootstrapWord::toString);

  private final String element;
  private final Function<String, List<T>> parse;
  private final Function<T, String> format;

  /**
   * Makes a kind of list.
   *
   * @param element what one is called, with its article
   * @param parse reads one string
   * @param format writes one value
   */
  ListKind(String element, Function<String, List<T>> parse, Function<T, String> format) {
    this.element = element;
    this.parse = parse;
    this.format = format;
  }

  @Override
  public boolean takesSeveral() {
    return true;
  }

  @Override
  public List<T> read(Object raw) {
    Set<T> values = new LinkedHashSet<>();
    for (Object one : raw instanceof List<?> list ? list : List.of(raw)) {
      for (T value : readOne(one)) {
        if (!values.add(value)) {
          throw new SettingException("", Raw.tell(one) + " twice", "each " + noun() + " once");
        }
      }
    }
    return List.copyOf(values);
  }

  private List<T> readOne(Object raw) {
    if (!(raw instanceof String text)) {
      throw new SettingException("", Raw.tell(raw), element + " in quotes");
    }
    try {
      return parse.apply(text);
    } catch (IllegalArgumentException e) {
      throw new SettingException("", Raw.tell(raw), String.valueOf(e.getMessage()));
    }
  }

  private String noun() {
    return element.substring(element.indexOf(' ') + 1);
  }

  @Override
  @SuppressWarnings("unchecked")
  public String write(Object value) {
    return ((List<T>) value)
        .stream().map(format).map(Raw::quote).collect(Collectors.joining(", ", "[", "]"));
  }

  private static String withoutLastDot(Name name) {
    return name.equals(Name.root) ? "." : name.toString(true);
  }

  /** A star, alone or with a port, means the wildcard addresses of both families. */
  private static List<InetSocketAddress> listenAddresses(String text) {
    String written = text.strip();
    if (written.equals("*") || written.startsWith("*:")) {
      String port = written.substring(1);
      return List.of(
          Addresses.parse("0.0.0.0" + port, LISTEN_PORT),
          Addresses.parse("[::]" + port, LISTEN_PORT));
    }
    InetSocketAddress address = Addresses.parse(written, LISTEN_PORT);
    if (address.getAddress().isMulticastAddress()) {
      throw new IllegalArgumentException("an address of this machine, not of a multicast group");
    }
    return List.of(address);
  }
}
