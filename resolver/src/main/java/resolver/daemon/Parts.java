package resolver.daemon;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Supplier;
import resolver.clock.Ticker;
import resolver.config.Settings;
import resolver.observe.Ledger;
import resolver.policy.AnswerRules;
import resolver.policy.LocalRules;
import resolver.upstream.Forwarder;

/**
 * The parts of a daemon that an operator may look into.
 *
 * @param settings those at the start
 * @param addresses where it listens
 * @param upstreams the servers of the rest and where they come from, in words
 */
record Parts(
    Settings settings,
    Ticker ticker,
    Ledger ledger,
    Core core,
    Forwarder forwarder,
    LocalRules localRules,
    AnswerRules answerRules,
    Supplier<List<InetSocketAddress>> addresses,
    Supplier<String> upstreams) {}
