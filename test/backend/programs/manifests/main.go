// Checks files of deploy/ as the programs that read them would: docker compose's own loader, and the API server's types
// and validation of Kubernetes. Says nothing and exits with 0 where all are right.
package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/compose-spec/compose-go/v2/cli"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/util/yaml"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	"k8s.io/kubernetes/pkg/apis/apps"
	_ "k8s.io/kubernetes/pkg/apis/apps/install"
	appsvalidation "k8s.io/kubernetes/pkg/apis/apps/validation"
	"k8s.io/kubernetes/pkg/apis/core"
	_ "k8s.io/kubernetes/pkg/apis/core/install"
	corevalidation "k8s.io/kubernetes/pkg/apis/core/validation"
)

func main() {
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "manifests compose|kubernetes <file> …")
		os.Exit(2)
	}
	checks := map[string]func(string) error{"compose": checkCompose, "kubernetes": checkKubernetes}
	check, known := checks[os.Args[1]]
	if !known {
		fmt.Fprintf(os.Stderr, "nothing is known of %s\n", os.Args[1])
		os.Exit(2)
	}
	for _, file := range os.Args[2:] {
		if err := check(file); err != nil {
			fmt.Fprintf(os.Stderr, "%s: %v\n", file, err)
			os.Exit(1)
		}
	}
}

func checkCompose(file string) error {
	options, err := cli.NewProjectOptions([]string{file}, cli.WithName("outlive"))
	if err != nil {
		return err
	}
	project, err := options.LoadProject(context.Background())
	if err != nil {
		return err
	}
	for name, service := range project.Services {
		for _, volume := range service.Volumes {
			if volume.Type != "bind" {
				continue
			}
			if _, err := os.Stat(volume.Source); err != nil {
				return fmt.Errorf("%s mounts what is not there: %s", name, filepath.Base(volume.Source))
			}
		}
	}
	return nil
}

func checkKubernetes(file string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	// with the defaults that the API server fills in
	decoder := serializer.NewCodecFactory(legacyscheme.Scheme, serializer.EnableStrict).UniversalDecoder()
	documents := yaml.NewYAMLReader(bufio.NewReader(bytes.NewReader(text)))
	for {
		document, err := documents.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		object, _, err := decoder.Decode(document, nil, nil)
		if err != nil {
			return err
		}
		if err := validate(object); err != nil {
			return err
		}
	}
}

// What the API server asks of an object beside its types. A namespace is the server's to add.
func validate(object runtime.Object) error {
	switch it := object.(type) {
	case *apps.Deployment:
		it.Namespace = "default"
		return appsvalidation.ValidateDeployment(it, corevalidation.PodValidationOptions{}).ToAggregate()
	case *core.Service:
		it.Namespace = "default"
		return corevalidation.ValidateServiceCreate(it).ToAggregate()
	default:
		return fmt.Errorf("no validation is known for %T", object)
	}
}
