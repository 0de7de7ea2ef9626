package dev.keyturn.http;

import dev.keyturn.oauth.Issuer;
import io.pebbletemplates.pebble.PebbleEngine;
import io.pebbletemplates.pebble.loader.ClasspathLoader;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.web.templ.pebble.PebbleTemplateEngine;
import java.io.Reader;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The pages for people: templates of the class path, every value escaped, no script.
 *
 * <p>A template's name is its package and its file: {@code authorize/consent} is {@code
 * dev/keyturn/authorize/consent.peb}. Its texts are in {@code messages_<language>.properties}
 * beside it; the language is chosen for each request.
 */
public final class Pages {
  private static final String SUFFIX = ".peb";

  private final PebbleTemplateEngine engine;
  private final Stylesheet stylesheet;
  private final List<Language> languages;

  private Pages(PebbleTemplateEngine engine, Stylesheet stylesheet, List<Language> languages) {
    this.engine = engine;
    this.stylesheet = stylesheet;
    this.languages = List.copyOf(languages);
  }

  /** The pages of the server that {@code issuer} names. */
  public static Pages create(Vertx vertx, Issuer issuer) {
    return create(vertx, issuer, Language.all());
  }

  /**
   * The pages in other languages.
   *
   * @param languages what they are written in; the first is for whoever reads none of them
   */
  public static Pages create(Vertx vertx, Issuer issuer, List<Language> languages) {
    var loader = new Templates();
    loader.setPrefix("dev/keyturn");
    loader.setSuffix(SUFFIX);
    var pebble = new PebbleEngine.Builder().loader(loader).strictVariables(true).build();
    return new Pages(
        PebbleTemplateEngine.create(vertx, pebble), Stylesheet.load(issuer), languages);
  }

  /** The language that suits {@code wish} best. */
  public Language languageFor(LanguageWish wish) {
    return wish.among(languages);
  }

  /** A page made of a template, the texts of its package and what it shows. */
  public Future<Reply> render(
      Language language, int status, String template, Map<String, Object> model) {
    var values = new HashMap<>(model);
    values.put("stylesheet", stylesheet.path());
    values.put("language", language);
    values.put("texts", language.messages(template.substring(0, template.indexOf('/'))));
    return engine
        .render(values, template)
        .map(
            page ->
                Reply.html(status, page)
                    .with("Content-Language", language.tag())
                    .with("Vary", "Accept-Language"));
  }

  /** The endpoint that serves what the pages refer to. */
  public Endpoint assets() {
    return stylesheet;
  }

  /** Vert.x adds the suffix to what it is asked for; templates that extend others do not. */
  private static final class Templates extends ClasspathLoader {
    private Templates() {
      super(Pages.class.getClassLoader());
    }

    @Override
    public Reader getReader(String name) {
      return super.getReader(
          name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : name);
    }
  }
}
