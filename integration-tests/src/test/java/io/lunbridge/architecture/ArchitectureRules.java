package io.lunbridge.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;

/** What may know what. A rule about a package that is not there yet holds. */
final class ArchitectureRules {

    private static final String[] DATA_PATH = Arrows.DATA_PATH.toArray(new String[0]);

    /** Where people and processes are waited for, or the wall clock is shown. */
    private static final String[] MAY_READ_CLOCKS = {
        "io.lunbridge.isns..",
        "io.lunbridge.daemon..",
        "io.lunbridge.names..",
        "io.lunbridge.devices..",
        "io.lunbridge.sessions..",
        "io.lunbridge.control..",
        "io.lunbridge.commands..",
        "io.lunbridge.nbd.kernel.."
    };

    static final ArchRule PACKAGES_KNOW_ONLY_THOSE_BELOW =
            classes().should(followTheArrows()).allowEmptyShould(true);

    static final ArchRule NATIVE_CALLS_ARE_IN_ONE_PLACE = noClasses()
            .that()
            .resideOutsideOfPackages("io.lunbridge.nbd.kernel..", "io.lunbridge.control..", "io.lunbridge.host..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("jnr..")
            .allowEmptyShould(true);

    static final ArchRule PICOCLI_IS_FOR_COMMANDS = noClasses()
            .that()
            .resideOutsideOfPackage("io.lunbridge.commands..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("picocli..")
            .allowEmptyShould(true);

    static final ArchRule NO_WAITING_ON_THE_DATA_PATH = noClasses()
            .that()
            .resideInAnyPackage(DATA_PATH)
            .should()
            .dependOnClassesThat(DescribedPredicate.<JavaClass>describe(
                    "wait or lock",
                    type -> type.getPackageName().equals("java.util.concurrent.locks")
                            || type.isEquivalentTo(CompletableFuture.class)
                            || type.isEquivalentTo(CountDownLatch.class)
                            || type.isEquivalentTo(Semaphore.class)))
            .allowEmptyShould(true);

    static final ArchRule TIME_COMES_FROM_THE_LOOP = noClasses()
            .that()
            .resideOutsideOfPackages(MAY_READ_CLOCKS)
            .should()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(Instant.class, "now")
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(Clock.class)
            .allowEmptyShould(true);

    static final ArchRule ONLY_THE_DAEMON_CHOOSES_A_TRANSPORT = noClasses()
            .that()
            .resideOutsideOfPackages("io.lunbridge.daemon..", "io.lunbridge.nbd.kernel..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.netty.channel.epoll..",
                    "io.netty.channel.nio..",
                    "io.netty.channel.socket.nio..",
                    "io.netty.channel.kqueue..",
                    "io.netty.channel.uring..")
            .allowEmptyShould(true);

    /** Which sets it up in code; everybody else logs to SLF4J. */
    static final ArchRule ONLY_THE_DAEMON_KNOWS_LOGBACK = noClasses()
            .that()
            .resideOutsideOfPackage("io.lunbridge.daemon..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("ch.qos.logback..")
            .allowEmptyShould(true);

    private ArchitectureRules() {}

    private static ArchCondition<JavaClass> followTheArrows() {
        return new ArchCondition<>("import only packages that the map allows") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                if (!Arrows.knows(type.getPackageName())) {
                    events.add(SimpleConditionEvent.violated(
                            type, type.getPackageName() + " is not in the map of packages"));
                }
                for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                    String target =
                            dependency.getTargetClass().getBaseComponentType().getPackageName();
                    String breach = Arrows.breach(type.getPackageName(), target);
                    if (breach != null) {
                        events.add(SimpleConditionEvent.violated(type, breach + ": " + dependency.getDescription()));
                    }
                }
            }
        };
    }
}
