// Answers SPARQL queries over one Turtle file with Apache Jena: loads it into TDB2, then reads a query as a JSON string on each line of
// standard input and writes its answer, in SPARQL JSON results or {"error": …}, on one line of standard output.
//
//     java -cp '/usr/share/java/*' JenaAnswers.java DUMP.ttl FOLDER

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.apache.jena.atlas.json.JSON;
import org.apache.jena.atlas.json.JsonString;
import org.apache.jena.query.Dataset;
import org.apache.jena.query.QueryExecution;
import org.apache.jena.query.QueryExecutionFactory;
import org.apache.jena.query.QueryFactory;
import org.apache.jena.query.ReadWrite;
import org.apache.jena.query.ResultSetFormatter;
import org.apache.jena.riot.RDFDataMgr;
import org.apache.jena.system.Txn;
import org.apache.jena.tdb2.TDB2Factory;

public class JenaAnswers {
    public static void main(String[] arguments) throws Exception {
        Dataset dataset = TDB2Factory.connectDataset(arguments[1]);
        if (Txn.calculateRead(dataset, () -> dataset.getDefaultModel().isEmpty())) {
            Txn.executeWrite(dataset, () -> RDFDataMgr.read(dataset, arguments[0]));
        }
        BufferedReader queries = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        PrintStream answers = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        for (String line = queries.readLine(); line != null; line = queries.readLine()) {
            answers.println(answer(dataset, JSON.parseAny(line).getAsString().value()));
        }
    }

    private static String answer(Dataset dataset, String query) {
        dataset.begin(ReadWrite.READ);
        try (QueryExecution execution = QueryExecutionFactory.create(QueryFactory.create(query), dataset)) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            ResultSetFormatter.outputAsJSON(bytes, execution.execSelect());
            return JSON.parse(bytes.toString(StandardCharsets.UTF_8)).toString().replaceAll("\\s*\\R\\s*", " ");
        } catch (RuntimeException failure) {
            return "{\"error\": " + new JsonString(String.valueOf(failure.getMessage())) + "}";
        } finally {
            dataset.end();
        }
    }
}
