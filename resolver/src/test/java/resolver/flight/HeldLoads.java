package resolver.flight;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A loader that holds every run until the test ends it. */
final class HeldLoads implements Loader<String, String> {
  private final List<Run> runs = new CopyOnWriteArrayList<>();

  /** One run at the gate. */
  record Run(String key, FlightContext<String, String> flight, Completion<String> done) {}

  @Override
  public void load(String key, FlightContext<String, String> flight, Completion<String> done) {
    runs.add(new Run(key, flight, done));
  }

  int count() {
    return runs.size();
  }

  Run run(int index) {
    return runs.get(index);
  }

  void end(int index, String value) {
    run(index).done().value(value);
  }

  /** Ends all runs, and counts from 0 again. */
  void endAll() {
    runs.forEach(run -> run.done().value("done"));
    runs.clear();
  }
}
