package resolver.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Start-up does not pay for the TOML parser where there is no file. */
class ParserIsOptionalTest {
  @Test
  void flagsAloneNeedNoParser() throws ReflectiveOperationException {
    ClassLoader loader = new WithoutParser();
    Object flag =
        loader
            .loadClass(Flag.class.getName())
            .getConstructor(String.class, String.class, List.class)
            .newInstance("--cache-size", "cache.size", List.of("1MiB"));
    Method load =
        loader.loadClass(SettingsLoader.class.getName()).getMethod("load", Path.class, List.class);

    assertThat(load.invoke(null, null, List.of(flag))).asString().contains("size=1048576");
    assertThatThrownBy(() -> load.invoke(null, Path.of("..", "conf", "resolver.toml"), List.of()))
        .isInstanceOf(InvocationTargetException.class)
        .hasCauseInstanceOf(NoClassDefFoundError.class);
  }

  /** Loads the project's classes anew, and finds no TOML parser. */
  private static final class WithoutParser extends ClassLoader {
    WithoutParser() {
      super(ParserIsOptionalTest.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (name.startsWith("org.tomlj.")) {
        throw new ClassNotFoundException(name);
      }
      if (!name.startsWith("resolver.")) {
        return super.loadClass(name, resolve);
      }
      Class<?> loaded = findLoadedClass(name);
      if (loaded != null) {
        return loaded;
      }
      try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
        if (in == null) {
          throw new ClassNotFoundException(name);
        }
        byte[] octets = in.readAllBytes();
        return defineClass(name, octets, 0, octets.length);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
