package resolver.daemon;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import resolver.config.Settings;
import resolver.config.SettingsException;
import resolver.control.ControlCommand;
import resolver.control.ControlException;
import resolver.control.ControlReply;

/** {@code reload [plan]}: takes the settings anew, or tells what that would do. */
final class ReloadCommand implements ControlCommand {
  private final Reloader reloader;

  ReloadCommand(Reloader reloader) {
    this.reloader = reloader;
  }

  @Override
  public String name() {
    return "reload";
  }

  @Override
  public void run(List<String> words, ControlReply out) throws IOException, InterruptedException {
    if (words.isEmpty()) {
      reload(out);
    } else if (words.equals(List.of("plan"))) {
      plan(out);
    } else {
      throw new ControlException("reload: " + words + " (expected: plan, or no more words)");
    }
  }

  private void reload(ControlReply out) throws IOException, InterruptedException {
    Reloaded done = await(reloader.request());
    if (!done.isDone()) {
      throw new ControlException(done.problem(), done.exitCode());
    }
    out.object(
        json -> {
          json.name("schema").value(1);
          json.name("plan").value(false);
          json.name("settings").value(done.source());
          changes(json, done.changes(), done.later());
          warnings(json, done.warnings());
          json.name("askers").value(done.askers());
        });
  }

  private static Reloaded await(CompletableFuture<Reloaded> outcome) throws InterruptedException {
    try {
      return outcome.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  private void plan(ControlReply out) throws IOException {
    Reloader.Plan plan;
    try {
      plan = reloader.plan();
    } catch (SettingsException e) {
      throw new ControlException(
          "a reload would change nothing, for the settings are wrong:\n" + e.getMessage(),
          ControlException.USAGE);
    }
    out.object(
        json -> {
          json.name("schema").value(1);
          json.name("plan").value(true);
          json.name("settings").value(plan.source());
          changes(json, plan.live(), plan.later());
          warnings(json, plan.warnings());
          json.name("entries").value(plan.entries());
        });
  }

  private static void changes(
      JsonWriter json, List<Settings.Change> live, List<Settings.Change> later) throws IOException {
    json.name("changes").beginArray();
    for (Settings.Change change : live) {
      change(json, change, "live");
    }
    for (Settings.Change change : later) {
      change(json, change, "restart");
    }
    json.endArray();
  }

  private static void change(JsonWriter json, Settings.Change change, String effect)
      throws IOException {
    json.beginObject();
    json.name("key").value(change.key());
    json.name("before").value(change.before());
    json.name("after").value(change.after());
    json.name("effect").value(effect);
    json.endObject();
  }

  private static void warnings(JsonWriter json, List<String> warnings) throws IOException {
    json.name("warnings").beginArray();
    for (String warning : warnings) {
      json.value(warning);
    }
    json.endArray();
  }
}
