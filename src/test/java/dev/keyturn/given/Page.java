package dev.keyturn.given;

import java.util.ArrayList;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The forms of an HTML page, as far as our own pages go. */
final class Page {
  private static final Pattern FORM =
      Pattern.compile("<form[^>]* action=\"([^\"]*)\"[^>]*>(.*?)</form>", Pattern.DOTALL);
  private static final Pattern BUTTON =
      Pattern.compile("<button([^>]*)>\\s*([^<]*?)\\s*</button>", Pattern.DOTALL);
  private static final Pattern HIDDEN = Pattern.compile("<input type=\"hidden\"([^>]*)>");

  private static final Pattern ENTITY = Pattern.compile("&(#[0-9]+|quot|apos|lt|gt|amp);");

  private final String html;

  Page(String html) {
    this.html = html;
  }

  /** The form with the button that says {@code label}, its hidden fields and that button in it. */
  Sheet sheet(String label) {
    var forms = FORM.matcher(html);
    while (forms.find()) {
      var buttons = BUTTON.matcher(forms.group(2));
      while (buttons.find()) {
        if (buttons.group(2).equals(label)) {
          return new Sheet(unescape(forms.group(1)), fields(forms.group(2), buttons.group(1)));
        }
      }
    }
    throw new AssertionError("no button " + label + " in " + html);
  }

  private static Form fields(String form, String button) {
    var fields = new ArrayList<Map.Entry<String, String>>();
    var hidden = HIDDEN.matcher(form);
    while (hidden.find()) {
      fields.add(field(hidden.group(1)));
    }
    if (button.contains("name=")) {
      fields.add(field(button));
    }
    return new Form(fields);
  }

  private static Map.Entry<String, String> field(String tag) {
    return Map.entry(attribute(tag, "name"), attribute(tag, "value"));
  }

  private static String attribute(String tag, String name) {
    var matcher = Pattern.compile("\\b" + name + "=\"([^\"]*)\"").matcher(tag);
    if (!matcher.find()) {
      throw new AssertionError("no " + name + " in " + tag);
    }
    return unescape(matcher.group(1));
  }

  static String unescape(String html) {
    return ENTITY
        .matcher(html)
        .replaceAll(found -> Matcher.quoteReplacement(meaning(found.group(1))));
  }

  private static String meaning(String entity) {
    return switch (entity) {
      case "quot" -> "\"";
      case "apos" -> "'";
      case "lt" -> "<";
      case "gt" -> ">";
      case "amp" -> "&";
      default -> Character.toString(Integer.parseInt(entity.substring(1)));
    };
  }

  /** A form that is ready to be sent. */
  record Sheet(String action, Form fields) {}
}
