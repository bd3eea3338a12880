package resolver.policy;

import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.Rcode;
import resolver.query.Answer;
import resolver.query.Question;
import resolver.selection.Route;

/**
 * The first door: answers what no upstream server is asked.
 *
 * <p>Any thread may ask. One at a time changes what is known; that may block on the disk, so it is
 * none of the event loops. What is known is put in place as a whole.
 */
public final class LocalRules {
  private static final Logger LOG = LoggerFactory.getLogger(LocalRules.class);

  private final Path root;
  private final BooleanSupplier upstreamsArePrivate;
  private final Edition edition;
  private final LoopProbes probes;
  private LocalSettings settings;
  private RouteAnswers routes;
  private HostsFile file;
  private volatile Known known;

  /** What is known, in the order in which it is asked. */
  private record Known(
      LocalZones zones,
      HostsTable hosts,
      RouteAnswers routes,
      @Nullable SpecialNames special,
      SingleLabels singleLabels) {
    @Nullable Answer answer(Question question) {
      Answer answer = zones.answer(question);
      if (answer == null) {
        answer = hosts.answer(question);
      }
      if (answer != null) {
        return answer;
      }
      // What is routed is neither special nor private: whoever routes a name means it.
      RouteAnswers.Decision routed = routes.of(question);
      return routed == null ? unrouted(question) : unlessInHosts(routed.answer(), question);
    }

    private @Nullable Answer unrouted(Question question) {
      Answer answer = special == null ? null : unlessInHosts(special.answer(question), question);
      return answer == null ? singleLabels.answer(question) : answer;
    }

    /** A name of the hosts file exists, even where it is special and DNS does not know it. */
    private @Nullable Answer unlessInHosts(@Nullable Answer answer, Question question) {
      Answer exists =
          answer != null && answer.rcode() == Rcode.NXDOMAIN ? hosts.nodata(question) : null;
      return exists == null ? answer : exists;
    }
  }

  /**
   * The rules of some settings. Reads the hosts file.
   *
   * @param routes which names go to servers of their own, or nowhere
   * @param root what paths count from: {@code /}
   * @param upstreamsArePrivate whether all upstream servers are; is asked by any thread, and must
   *     not block; whoever changes it moves the edition on
   * @param edition of the whole policy, both doors
   */
  public LocalRules(
      LocalSettings settings,
      List<Route> routes,
      Path root,
      BooleanSupplier upstreamsArePrivate,
      Edition edition,
      LoopProbes probes) {
    this.root = root;
    this.edition = edition;
    this.probes = probes;
    this.upstreamsArePrivate = upstreamsArePrivate;
    this.settings = settings;
    this.routes = new RouteAnswers(routes);
    this.file = new HostsFile(root, settings.hosts());
    file.refresh();
    this.known = known();
  }

  /** The rules of some settings, without routes. Reads the hosts file. */
  public LocalRules(
      LocalSettings settings, Path root, BooleanSupplier upstreamsArePrivate, Edition edition) {
    this(settings, List.of(), root, upstreamsArePrivate, edition, new LoopProbes());
  }

  /** The edition of the policy that these rules belong to. */
  public Edition edition() {
    return edition;
  }

  /** The answer, or null where the question goes on its way. */
  public @Nullable Answer answer(Question question) {
    Answer answer = probes.answer(question);
    if (answer == null) {
      answer = TypeRules.answer(question);
    }
    return answer == null ? known.answer(question) : answer;
  }

  /** Follows other settings from now on. Reads the hosts file. */
  public synchronized void use(LocalSettings next, List<Route> nextRoutes) {
    if (!next.hosts().equals(settings.hosts())) {
      file = new HostsFile(root, next.hosts());
    }
    settings = next;
    routes = new RouteAnswers(nextRoutes);
    file.refresh();
    known = known();
    edition.next();
  }

  /** Looks whether the hosts file has changed. Must not throw: it is called by a timer. */
  public synchronized void refresh() {
    try {
      if (file.refresh()) {
        known = known();
        edition.next();
        LOG.info("{} was read again: {} names", settings.hosts(), file.table().size());
      }
    } catch (RuntimeException e) {
      LOG.error("reading {} threw", settings.hosts(), e);
    }
  }

  private Known known() {
    return new Known(
        LocalZones.of(settings.records(), settings.zones()),
        file.table(),
        routes,
        settings.specialNames() ? new SpecialNames(upstreamsArePrivate) : null,
        new SingleLabels(settings.singleLabel(), upstreamsArePrivate));
  }
}
