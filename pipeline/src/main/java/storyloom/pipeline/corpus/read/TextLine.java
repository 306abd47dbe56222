package storyloom.pipeline.corpus.read;

import org.apache.hadoop.io.Text;

/**
 * A line of a file.
 *
 * @param file short name of the file
 * @param number of the line in it, from 1 on
 * @param text without the line's end; what is not UTF-8 stands there as U+FFFD
 * @param valid whether all of it is UTF-8
 */
record TextLine(String file, long number, String text, boolean valid) {

  /** The line that Hadoop read up to {@code \n}. */
  static TextLine of(String file, long number, Text line) {
    byte[] bytes = line.getBytes();
    int length = line.getLength();
    if (length > 0 && bytes[length - 1] == '\r') {
      length--;
    }
    String text = Utf8.decode(bytes, length);
    return new TextLine(file, number, text, Utf8.isValid(bytes, length, text));
  }
}
