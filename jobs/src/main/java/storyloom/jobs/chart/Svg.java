package storyloom.jobs.chart;

import java.awt.Dimension;
import java.awt.Graphics2D;
import java.io.StringWriter;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.transform.OutputKeys;
import javax.xml.transform.Transformer;
import javax.xml.transform.TransformerException;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.apache.batik.svggen.SVGGeneratorContext;
import org.apache.batik.svggen.SVGGraphics2D;
import org.apache.batik.svggen.SVGIDGenerator;
import org.apache.batik.svggen.StyleHandler;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** What is painted, as an SVG element that stands in a page. */
final class Svg {

  private static final String NAMESPACE = "http://www.w3.org/2000/svg";

  /** Begins the names of parts until these are made unique in a page. */
  private static final String ID = "chart-part-";

  /** Decimals of a pixel that are worth their letters. */
  static final int DECIMALS = 2;

  /** Hints that browsers do without. */
  private static final Set<String> HINTS =
      Set.of(
          "color-interpolation",
          "color-rendering",
          "image-rendering",
          "shape-rendering",
          "text-rendering");

  private Svg() {}

  /** The element of what is painted without XChart. */
  static String of(int width, int height, Consumer<Graphics2D> painter) {
    return of(width, height, Lettering.none(), painter);
  }

  /**
   * The element, without a size of its own beside its view box.
   *
   * @param width of the view box, as {@code height} in pixels
   * @param lettering what the painter says by shapes
   */
  static String of(int width, int height, Lettering lettering, Consumer<Graphics2D> painter) {
    try {
      Document document =
          DocumentBuilderFactory.newDefaultNSInstance()
              .newDocumentBuilder()
              .getDOMImplementation()
              .createDocument(NAMESPACE, "svg", null);
      SVGGeneratorContext context = SVGGeneratorContext.createDefault(document);
      context.setComment(null);
      context.setPrecision(DECIMALS);
      context.setStyleHandler(new CssVariables());
      context.setIDGenerator(new PartNames());
      SVGGraphics2D graphics = new LetteredSvg(context, lettering);
      graphics.setSVGCanvasSize(new Dimension(width, height));
      painter.accept(graphics);
      Element root = graphics.getRoot();
      graphics.dispose();
      root.removeAttribute("width");
      root.removeAttribute("height");
      root.setAttribute("viewBox", "0 0 %d %d".formatted(width, height));
      NodeList paths = root.getElementsByTagName("path");
      for (int i = 0; i < paths.getLength(); i++) {
        Element path = (Element) paths.item(i);
        path.setAttribute("d", PathData.shortened(path.getAttribute("d"), DECIMALS));
      }
      root.setAttribute("aria-hidden", "true"); // the figure around it says what it shows
      return unique(text(root));
    } catch (ParserConfigurationException | TransformerException fault) {
      throw new IllegalStateException("the JDK cannot write XML", fault);
    }
  }

  private static String text(Element root) throws TransformerException {
    Transformer transformer = TransformerFactory.newDefaultInstance().newTransformer();
    transformer.setOutputProperty(OutputKeys.OMIT_XML_DECLARATION, "yes");
    StringWriter writer = new StringWriter();
    transformer.transform(new DOMSource(root), new StreamResult(writer));
    return writer.toString();
  }

  /** Parts of several charts in a page must not have the same names; equal charts may. */
  private static String unique(String svg) {
    return svg.replace(ID, "chart-%08x-".formatted(svg.hashCode()));
  }

  /** Names parts in the order in which they are needed. */
  private static final class PartNames extends SVGIDGenerator {

    private int parts;

    @Override
    public String generateID(String kind) {
      return ID + ++parts;
    }
  }

  /** Writes styles with the variables of {@link ChartColor}. */
  private static final class CssVariables implements StyleHandler {

    @Override
    @SuppressWarnings("rawtypes")
    public void setStyle(Element element, Map style, SVGGeneratorContext context) {
      Map<String, String> properties = new TreeMap<>();
      for (Object entry : style.entrySet()) {
        Map.Entry<?, ?> property = (Map.Entry<?, ?>) entry;
        if (!HINTS.contains(property.getKey().toString())) {
          properties.put(
              property.getKey().toString(), ChartColor.inCss(property.getValue().toString()));
        }
      }
      element.setAttribute(
          "style",
          properties.entrySet().stream()
              .map(property -> property.getKey() + ":" + property.getValue())
              .collect(Collectors.joining(";")));
    }
  }
}
