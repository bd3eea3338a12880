package resolver.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** Replies of the daemon, to be read and to be printed. */
final class Json {
  private static final Gson GSON =
      new GsonBuilder().serializeNulls().disableHtmlEscaping().create();

  private Json() {}

  /** An element as one line in ASCII alone, so that no terminal or pipe can spoil it. */
  static String line(JsonElement element) {
    String text = GSON.toJson(element);
    StringBuilder line = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      // Beyond ASCII there are only characters of strings.
      if (c > 0x7e) {
        line.append(String.format("\\u%04x", (int) c));
      } else {
        line.append(c);
      }
    }
    return line.toString();
  }

  /** A text, fit for a terminal; empty where there is none. */
  static String text(JsonObject object, String name) {
    JsonElement value = object.get(name);
    return value == null || value.isJsonNull() ? "" : Safe.text(value.getAsString());
  }

  /** A number; 0 where there is none. */
  static long number(JsonObject object, String name) {
    JsonElement value = object.get(name);
    return value == null || value.isJsonNull() ? 0 : value.getAsLong();
  }

  /** A number with a fraction; 0 where there is none. */
  static double fraction(JsonObject object, String name) {
    JsonElement value = object.get(name);
    return value == null || value.isJsonNull() ? 0 : value.getAsDouble();
  }

  /** A truth; false where there is none. */
  static boolean truth(JsonObject object, String name) {
    JsonElement value = object.get(name);
    return value != null && !value.isJsonNull() && value.getAsBoolean();
  }

  /** An object within; an empty one where there is none. */
  static JsonObject object(JsonObject object, String name) {
    JsonElement value = object.get(name);
    return value == null || value.isJsonNull() ? new JsonObject() : value.getAsJsonObject();
  }

  /** The objects of an array; none where there is no array. */
  static List<JsonObject> objects(JsonObject object, String name) {
    List<JsonObject> found = new ArrayList<>();
    JsonElement value = object.get(name);
    if (value != null && !value.isJsonNull()) {
      value.getAsJsonArray().forEach(each -> found.add(each.getAsJsonObject()));
    }
    return found;
  }

  /** The texts of an array; none where there is no array. */
  static List<String> texts(JsonObject object, String name) {
    List<String> found = new ArrayList<>();
    JsonElement value = object.get(name);
    if (value != null && !value.isJsonNull()) {
      value.getAsJsonArray().forEach(each -> found.add(Safe.text(each.getAsString())));
    }
    return found;
  }
}
