package resolver.tests;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Hashtable;
import javax.naming.Context;
import javax.naming.NameNotFoundException;
import javax.naming.NamingEnumeration;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.directory.InitialDirContext;

/**
 * A program that asks by what Java itself has.
 *
 * <p>{@code addresses NAME} prints the addresses of a name as {@link InetAddress} tells them,
 * {@code name ADDRESS} the name of an address; {@code jndi SERVER NAME TYPE} prints records as the
 * DNS provider of JNDI reads them. What does not exist is told as "no such name".
 */
final class JavaClient {
  private JavaClient() {}

  /** Asks. */
  public static void main(String[] arguments) throws Exception {
    switch (arguments[0]) {
      case "addresses" -> printAddresses(arguments[1]);
      case "name" -> say(InetAddress.getByName(arguments[1]).getCanonicalHostName());
      case "jndi" -> printRecords("dns://" + arguments[1], arguments[2], arguments[3]);
      default -> throw new IllegalArgumentException(arguments[0]);
    }
  }

  private static void printAddresses(String name) {
    try {
      for (InetAddress address : InetAddress.getAllByName(name)) {
        say(address.getHostAddress());
      }
    } catch (UnknownHostException e) {
      say("no such name");
    }
  }

  // JNDI wants this map of old, and DNS brings no objects.
  @SuppressWarnings({"BanJNDI", "JdkObsolete"})
  private static void printRecords(String server, String name, String type) throws NamingException {
    Hashtable<String, String> environment = new Hashtable<>();
    environment.put(Context.INITIAL_CONTEXT_FACTORY, "com.sun.jndi.dns.DnsContextFactory");
    environment.put(Context.PROVIDER_URL, server);
    InitialDirContext context = new InitialDirContext(environment);
    try {
      Attribute records = context.getAttributes(name, new String[] {type}).get(type);
      NamingEnumeration<?> all = records.getAll();
      while (all.hasMore()) {
        say(String.valueOf(all.next()));
      }
    } catch (NameNotFoundException e) {
      say("no such name");
    } finally {
      context.close();
    }
  }

  @SuppressWarnings("SystemOut")
  private static void say(String line) {
    System.out.println(line);
  }
}
