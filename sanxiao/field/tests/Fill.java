import java.io.*;
import java.net.URI;
import java.net.http.*;
import java.nio.charset.StandardCharsets;
import java.nio.file.*;
import java.security.MessageDigest;
import java.util.*;
import javax.xml.parsers.*;
import org.javarosa.core.model.*;
import org.javarosa.core.model.data.*;
import org.javarosa.core.model.instance.*;
import org.javarosa.core.reference.*;
import org.javarosa.core.services.PrototypeManager;
import org.javarosa.form.api.*;
import org.javarosa.model.xform.*;
import org.javarosa.xform.util.XFormUtils;
import org.w3c.dom.*;

/**
 * Does what ODK Collect does, with its engine: form list, form, manifest, list of places, an answer, HEAD and POST.
 *
 * Arguments: address of the server, code of the form, key of the place to choose (or ""), then pairs of a node and its
 * answer. Stops with an exception at the first thing that Collect would not accept.
 */
public class Fill {
    static final HttpClient WEB = HttpClient.newHttpClient();
    static final String LIST = "http://openrosa.org/xforms/xformsList";
    static final String MANIFEST = "http://openrosa.org/xforms/xformsManifest";

    public static void main(String[] said) throws Exception {
        Path folder = Files.createTempDirectory("fill");
        Element row = listed(said[0], said[1]);
        Path form = fetched(text(row, LIST, "downloadUrl"), text(row, LIST, "hash"), folder.resolve("form.xml"));
        Document manifest = document(get(text(row, LIST, "manifestUrl")));
        NodeList files = manifest.getElementsByTagNameNS(MANIFEST, "mediaFile");
        for (int n = 0; n < files.getLength(); n++) {
            Element file = (Element) files.item(n);
            fetched(text(file, MANIFEST, "downloadUrl"), text(file, MANIFEST, "hash"),
                folder.resolve(text(file, MANIFEST, "filename")));
        }
        byte[] answers = filled(form, folder, said);
        send(said[0], answers);
    }

    static Element listed(String server, String code) throws Exception {
        NodeList rows = document(get(server + "/formList")).getElementsByTagNameNS(LIST, "xform");
        for (int n = 0; n < rows.getLength(); n++)
            if (text((Element) rows.item(n), LIST, "formID").equals(code)) return (Element) rows.item(n);
        throw new IllegalStateException("not listed: " + code);
    }

    static Path fetched(String url, String hash, Path target) throws Exception {
        byte[] data = get(url);
        String digest = HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(data));
        if (!hash.equals("md5:" + digest)) throw new IllegalStateException("hash of " + url);
        return Files.write(target, data);
    }

    static byte[] filled(Path form, Path folder, String[] said) throws Exception {
        new XFormsModule().registerModule();
        PrototypeManager.registerPrototypes(CoreModelModule.classNames);
        PrototypeManager.registerPrototypes(org.javarosa.core.util.JavaRosaCoreModule.classNames);
        ReferenceManager.instance().addReferenceFactory(new PrefixedRootFactory(new String[] {"file-csv"}) {
            @Override protected Reference factory(String terminal, String uri) {
                return new OnDisk(folder.resolve(terminal.replaceFirst("^/+", "")), uri);
            }
        });
        FormDef def = XFormUtils.getFormFromInputStream(new FileInputStream(form.toFile()));
        def.initialize(true, new InstanceInitializationFactory());
        FormEntryController entry = new FormEntryController(new FormEntryModel(def));
        if (!said[2].isEmpty()) {
            answer(entry, "/data/chosen/chosen_place", said[2]);
            show(def, "/data/identity/shop_name");
            show(def, "/data/identity/village");
        }
        for (int n = 3; n < said.length; n += 2) answer(entry, said[n], said[n + 1]);
        def.postProcessInstance();
        return new XFormSerializingVisitor().serializeInstance(def.getMainInstance());
    }

    /** Walks to the question as a person does, so that what hangs on it happens. */
    static void answer(FormEntryController entry, String node, String value) {
        FormEntryModel model = entry.getModel();
        entry.jumpToIndex(FormIndex.createBeginningOfFormIndex());
        while (entry.stepToNextEvent() != FormEntryController.EVENT_END_OF_FORM) {
            if (model.getEvent() != FormEntryController.EVENT_QUESTION) continue;
            FormEntryPrompt prompt = model.getQuestionPrompt();
            if (!prompt.getIndex().getReference().toString(false).equals(node)) continue;
            int status = entry.answerQuestion(model.getFormIndex(), data(prompt, value), true);
            if (status != FormEntryController.ANSWER_OK) throw new IllegalStateException(node + ": " + status);
            return;
        }
        throw new IllegalStateException("not asked: " + node);
    }

    static IAnswerData data(FormEntryPrompt prompt, String value) {
        if (prompt.getControlType() != Constants.CONTROL_SELECT_ONE) return new StringData(value);
        for (SelectChoice choice : prompt.getSelectChoices())
            if (choice.getValue().equals(value)) return new SelectOneData(choice.selection());
        throw new IllegalStateException("no choice: " + value);
    }

    static void show(FormDef def, String node) {
        TreeElement found = def.getMainInstance().getRoot();
        for (String name : node.replaceFirst("^/data/", "").split("/")) found = found.getFirstChild(name);
        IAnswerData held = found.getValue();
        System.out.println("prefilled " + node + "=" + (held == null ? "" : held.getDisplayText()));
    }

    static void send(String server, byte[] answers) throws Exception {
        URI target = URI.create(server + "/submission?deviceID=javarosa");
        HttpRequest head = request(target).method("HEAD", HttpRequest.BodyPublishers.noBody()).build();
        int may = WEB.send(head, HttpResponse.BodyHandlers.discarding()).statusCode();
        if (may != 204) throw new IllegalStateException("HEAD: " + may);
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.write(("--cut\r\nContent-Disposition: form-data; name=\"xml_submission_file\"; filename=\"a.xml\"\r\n"
            + "Content-Type: text/xml\r\n\r\n").getBytes(StandardCharsets.UTF_8));
        body.write(answers);
        body.write("\r\n--cut--\r\n".getBytes(StandardCharsets.UTF_8));
        HttpRequest post = request(target).header("Content-Type", "multipart/form-data; boundary=cut")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body.toByteArray())).build();
        HttpResponse<String> given = WEB.send(post, HttpResponse.BodyHandlers.ofString());
        System.out.println("answered " + given.statusCode() + " " + given.body());
    }

    static byte[] get(String url) throws Exception {
        HttpResponse<byte[]> given = WEB.send(request(URI.create(url)).build(), HttpResponse.BodyHandlers.ofByteArray());
        if (given.statusCode() != 200) throw new IllegalStateException(url + ": " + given.statusCode());
        if (given.headers().firstValue("X-OpenRosa-Version").isEmpty()) throw new IllegalStateException("no OpenRosa");
        return given.body();
    }

    static HttpRequest.Builder request(URI target) {
        return HttpRequest.newBuilder(target).version(HttpClient.Version.HTTP_1_1).header("X-OpenRosa-Version", "1.0");
    }

    static Document document(byte[] data) throws Exception {
        DocumentBuilderFactory maker = DocumentBuilderFactory.newInstance();
        maker.setNamespaceAware(true);
        return maker.newDocumentBuilder().parse(new ByteArrayInputStream(data));
    }

    static String text(Element row, String space, String name) {
        return row.getElementsByTagNameNS(space, name).item(0).getTextContent();
    }

    /** A file of the manifest where the form looks for it. */
    static class OnDisk implements Reference {
        final Path path;
        final String uri;

        OnDisk(Path path, String uri) { this.path = path; this.uri = uri; }

        public InputStream getStream() throws IOException { return Files.newInputStream(path); }
        public boolean isReadOnly() { return true; }
        public OutputStream getOutputStream() throws IOException { throw new IOException("read only"); }
        public String getURI() { return uri; }
        public void remove() { }
        public String getLocalURI() { return path.toString(); }
        public Reference[] probeAlternativeReferences() { return new Reference[0]; }
        public boolean doesBinaryExist() { return Files.exists(path); }
    }
}
