package resolver.faults;

import java.util.concurrent.atomic.LongAdder;

/** Counts while it happens; read from any thread. */
final class Tally {
  final LongAdder datagrams = new LongAdder();
  final LongAdder messages = new LongAdder();
  final LongAdder connections = new LongAdder();
  final LongAdder lost = new LongAdder();
  final LongAdder replies = new LongAdder();
  final LongAdder resets = new LongAdder();

  Counts now() {
    return new Counts(
        datagrams.sum(),
        messages.sum(),
        connections.sum(),
        lost.sum(),
        replies.sum(),
        resets.sum());
  }

  void clear() {
    datagrams.reset();
    messages.reset();
    connections.reset();
    lost.reset();
    replies.reset();
    resets.reset();
  }
}
