package dev.keyturn.operator.rules;

import dev.keyturn.config.Finding;
import dev.keyturn.operator.render.Deployed;
import dev.keyturn.operator.render.Mount;
import dev.keyturn.operator.render.Place;
import dev.keyturn.operator.render.Remark;
import dev.keyturn.operator.render.Remark.Weight;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Tells a finding about a run configuration in the words of the resources that it came from. */
final class Wording {
  private static final String ENTRY = "([^/ ]+)/([^/ ,]+)";
  private static final Pattern SECRET = Pattern.compile(Mount.SECRETS + ENTRY);
  private static final Pattern CONFIG_MAP = Pattern.compile(Mount.CONFIG_MAPS + ENTRY);
  private static final Pattern SETTING = Pattern.compile("[a-z]+(?:[._][a-z]+|\\[[0-9]+\\])*");
  private static final Pattern LATER = Pattern.compile("not supported yet|is supported so far");
  private static final String VARIABLE = " or client_(secret|key)_env_var";

  private final Deployed deployed;

  Wording(Deployed deployed) {
    this.deployed = deployed;
  }

  Remark of(Finding finding) {
    var text = fields(files(finding.message().replaceAll(VARIABLE, "")));
    var colon = text.indexOf(": ");
    var place = deployed.place(finding.setting());
    return new Place(place.object(), place.field().replaceAll(absent(text) ? "\\[0\\]$" : "$^", ""))
        .remark(
            weight(finding),
            colon < 0 ? text : text.substring(0, colon),
            colon < 0 ? "" : text.substring(colon + 2));
  }

  /** Of a list that is not there no entry is missing, but the list. */
  private static boolean absent(String text) {
    return text.startsWith("is missing");
  }

  /** What is not built yet is taken and waits; whatever else is an error is wrong for good. */
  private static Weight weight(Finding finding) {
    if (finding.severity() == Finding.Severity.WARNING) {
      return Weight.NOTE;
    }
    return LATER.matcher(finding.message()).find() ? Weight.PENDING : Weight.REFUSED;
  }

  private static String files(String text) {
    var told = SECRET.matcher(text).replaceAll("key $2 of Secret $1");
    return CONFIG_MAP.matcher(told).replaceAll("key $2 of ConfigMap $1");
  }

  private String fields(String text) {
    return SETTING
        .matcher(text)
        .replaceAll(found -> Matcher.quoteReplacement(field(found.group())));
  }

  private String field(String setting) {
    return deployed.origin(setting).map(Wording::inWords).orElseGet(() -> Deployed.word(setting));
  }

  private static String inWords(Place place) {
    return place.field() + " of " + place.object().replace('/', ' ');
  }
}
