// Prints the namespaces that a client-go informer sees: "+ name", "- name". Its argument is the content type.
package main

import (
	"fmt"
	"os"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/clientcmd"
)

func main() {
	config, err := clientcmd.BuildConfigFromFlags("", os.Args[1])
	if err != nil {
		panic(err)
	}
	config.ContentType = os.Args[2]
	config.AcceptContentTypes = os.Args[2]
	factory := informers.NewSharedInformerFactory(kubernetes.NewForConfigOrDie(config), 0)
	informer := factory.Core().V1().Namespaces().Informer()
	name := func(object any) string {
		if unknown, ok := object.(cache.DeletedFinalStateUnknown); ok {
			object = unknown.Obj
		}
		return object.(*corev1.Namespace).Name
	}
	_, err = informer.AddEventHandler(cache.ResourceEventHandlerFuncs{
		AddFunc:    func(object any) { fmt.Println("+", name(object)) },
		UpdateFunc: func(_, object any) { fmt.Println("=", name(object), object.(*corev1.Namespace).Annotations["touched"]) },
		DeleteFunc: func(object any) { fmt.Println("-", name(object)) },
	})
	if err != nil {
		panic(err)
	}
	stop := make(chan struct{})
	factory.Start(stop)
	factory.WaitForCacheSync(stop)
	fmt.Println("synced")
	time.Sleep(time.Hour)
}
