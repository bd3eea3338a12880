package resolver.flight;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Counts what a listener is told. */
final class Tally<K, V> implements FlightListener<K, V> {
  final AtomicInteger ended = new AtomicInteger();
  final AtomicInteger delivered = new AtomicInteger();
  final AtomicInteger left = new AtomicInteger();
  final AtomicInteger lost = new AtomicInteger();
  final AtomicInteger finishing = new AtomicInteger();
  final AtomicInteger cancelled = new AtomicInteger();
  final AtomicInteger forgotten = new AtomicInteger();
  final AtomicInteger killed = new AtomicInteger();
  final AtomicInteger threw = new AtomicInteger();

  /** Runs at each end, before anybody is told. */
  volatile Runnable atEnd = () -> {};

  @Override
  public void ended(K key, @Nullable V value, @Nullable Throwable failure, int joined, long age) {
    ended.incrementAndGet();
    atEnd.run();
  }

  @Override
  public void delivered(Outcome<V> outcome) {
    delivered.incrementAndGet();
  }

  @Override
  public void left() {
    left.incrementAndGet();
  }

  @Override
  public void lost() {
    lost.incrementAndGet();
  }

  @Override
  public void abandoned(boolean wasCancelled) {
    (wasCancelled ? cancelled : finishing).incrementAndGet();
  }

  @Override
  public void forgotten() {
    forgotten.incrementAndGet();
  }

  @Override
  public void watchdogKilled() {
    killed.incrementAndGet();
  }

  @Override
  public void loaderThrew(K key, Throwable thrown) {
    threw.incrementAndGet();
  }
}
