package io.outrider.detection.simulation;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * A world of its own for the simulation: loads everything that takes part in it afresh, and some of it compiled with a
 * {@link Mutation}.
 */
final class MutantLoader extends ClassLoader {

    private static final List<String> AFRESH = List.of(
            "io.outrider.detection.entity.",
            "io.outrider.detection.protocol.",
            "io.outrider.detection.scoring.",
            "io.outrider.detection.scratch.",
            "io.outrider.detection.simulation.",
            "io.outrider.lake.checkpoint.");

    private final Map<String, byte[]> mutants;

    MutantLoader(Mutation mutation) throws IOException {
        super(MutantLoader.class.getClassLoader());
        this.mutants = compile(mutation);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (AFRESH.stream().noneMatch(name::startsWith)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            if (loaded == null) {
                byte[] bytes = bytes(name);
                loaded = defineClass(name, bytes, 0, bytes.length);
            }
            return loaded;
        }
    }

    private byte[] bytes(String name) throws ClassNotFoundException {
        byte[] mutant = mutants.get(name);
        if (mutant != null) {
            return mutant;
        }
        try (InputStream original = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (original == null) {
                throw new ClassNotFoundException(name);
            }
            return original.readAllBytes();
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
    }

    private static Map<String, byte[]> compile(Mutation mutation) throws IOException {
        JavaCompiler compiler = Objects.requireNonNull(ToolProvider.getSystemJavaCompiler(), "this needs a JDK");
        DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
        Map<String, ByteArrayOutputStream> classes = new HashMap<>();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(problems, null, null)) {
            List<String> options =
                    List.of("-proc:none", "-nowarn", "-classpath", System.getProperty("java.class.path"));
            boolean compiled = compiler.getTask(
                            null, inMemory(files, classes), problems, options, null, sources(mutation))
                    .call();
            if (!compiled) {
                List<String> errors = problems.getDiagnostics().stream()
                        .filter(problem -> problem.getKind() == Diagnostic.Kind.ERROR)
                        .map(Object::toString)
                        .toList();
                throw new AssertionError("mutation \"" + mutation.name() + "\" does not compile: " + errors);
            }
        }
        Map<String, byte[]> bytes = new HashMap<>();
        classes.forEach((name, out) -> bytes.put(name, out.toByteArray()));
        return bytes;
    }

    private static List<JavaFileObject> sources(Mutation mutation) {
        List<JavaFileObject> sources = new ArrayList<>();
        mutation.sources().forEach((className, source) -> {
            URI uri = URI.create("mutant:///" + className.replace('.', '/') + ".java");
            sources.add(new SimpleJavaFileObject(uri, JavaFileObject.Kind.SOURCE) {
                @Override
                public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                    return source;
                }
            });
        });
        return sources;
    }

    private static JavaFileManager inMemory(JavaFileManager files, Map<String, ByteArrayOutputStream> classes) {
        return new ForwardingJavaFileManager<>(files) {
            @Override
            public JavaFileObject getJavaFileForOutput(
                    Location location, String className, JavaFileObject.Kind kind, FileObject sibling) {
                return new SimpleJavaFileObject(URI.create("mutant:///" + className), kind) {
                    @Override
                    public OutputStream openOutputStream() {
                        ByteArrayOutputStream out = new ByteArrayOutputStream();
                        classes.put(className, out);
                        return out;
                    }
                };
            }
        };
    }
}
