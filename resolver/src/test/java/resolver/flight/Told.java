package resolver.flight;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/** A waiter that remembers what it was told. */
class Told implements Waiter<String> {
  private final Executor executor;
  private final List<Outcome<String>> outcomes = new CopyOnWriteArrayList<>();
  private volatile boolean onOwnExecutor;
  private final AtomicInteger lost = new AtomicInteger();

  Told() {
    this(Runnable::run);
  }

  Told(Executor executor) {
    this.executor = executor;
  }

  /** From now on whoever calls is taken to be on the executor. */
  Told here() {
    onOwnExecutor = true;
    return this;
  }

  @Override
  public Executor executor() {
    return executor;
  }

  @Override
  public boolean onOwnExecutor() {
    return onOwnExecutor;
  }

  @Override
  public void complete(Outcome<String> outcome) {
    outcomes.add(outcome);
  }

  @Override
  public void lost(Throwable rejected) {
    lost.incrementAndGet();
  }

  int times() {
    return outcomes.size();
  }

  boolean isLost() {
    return lost.get() == 1 && outcomes.isEmpty();
  }

  /** The one outcome it was told. */
  Outcome<String> outcome() {
    assertThat(outcomes).hasSize(1);
    return outcomes.get(0);
  }

  String value() {
    Outcome<String> outcome = outcome();
    assertThat(outcome.failure()).isNull();
    String value = outcome.value();
    assertThat(value).isNotNull();
    return String.valueOf(value);
  }

  FlightException.Reason reason() {
    assertThat(outcome().failure()).isInstanceOf(FlightException.class);
    return outcome().failure() instanceof FlightException e
        ? e.reason()
        : FlightException.Reason.REFUSED;
  }
}
