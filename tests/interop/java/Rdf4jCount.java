// Counts the statements that RDF4J's parser reads from one file, its format known by its name; strict, so that a mistake ends it.
//
//     java -cp '/usr/share/java/*' Rdf4jCount.java DUMP

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.eclipse.rdf4j.model.Statement;
import org.eclipse.rdf4j.rio.RDFFormat;
import org.eclipse.rdf4j.rio.RDFParser;
import org.eclipse.rdf4j.rio.Rio;
import org.eclipse.rdf4j.rio.helpers.AbstractRDFHandler;

public class Rdf4jCount {
    public static void main(String[] arguments) throws Exception {
        RDFFormat format = Rio.getParserFormatForFileName(arguments[0]).orElseThrow();
        RDFParser parser = Rio.createParser(format);
        Set<Statement> seen = new HashSet<>();
        parser.setRDFHandler(new AbstractRDFHandler() {
            @Override
            public void handleStatement(Statement statement) {
                seen.add(statement);
            }
        });
        try (InputStream file = Files.newInputStream(Path.of(arguments[0]))) {
            parser.parse(file, "https://w3id.org/entente/");
        }
        System.out.println(seen.size());
    }
}
